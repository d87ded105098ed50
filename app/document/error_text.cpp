#include "app/document/error_text.h"

#include <filesystem>

namespace headroom::app {

QString errorSentence(const Error& error) {
    const QString sentence = QString::fromStdString(error.message);
    if (error.file.empty()) return sentence;
    const QString name = QString::fromStdString(std::filesystem::path(error.file).filename().string());
    if (error.line > 0) return QStringLiteral("%1, line %2: %3").arg(name).arg(error.line).arg(sentence);
    // Many sentences name their file already.
    return sentence.contains(name) ? sentence : QStringLiteral("%1: %2").arg(name, sentence);
}

QString errorDetail(const Error& error) {
    return QString::fromStdString(error.describe());
}

} // namespace headroom::app
