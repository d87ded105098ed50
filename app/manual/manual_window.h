#pragma once

#include <QDialog>

#include <filesystem>

class QLineEdit;
class QTextBrowser;

namespace headroom::app {

/// Shows the pages of the manual (resources/manual, Markdown) beside the work: contents, links, back and
/// forward, search in the page and, where it holds no further match, in the others.
class ManualWindow final : public QDialog {
    Q_OBJECT

public:
    explicit ManualWindow(QWidget* parent = nullptr);

    /// @param page name of a page without suffix; one that is not there shows the contents
    void showPage(const QString& page);
    QString page() const;

    /// The page that explains a panel, by the panel's object name: "sizingPanel" -> "sizing".
    static QString pageFor(const QString& panel);
    /// The page that explains the panel with the keyboard focus; the contents where none has it.
    static QString pageForFocus();
    static std::filesystem::path folder();
    /// Names of all pages, the contents first.
    static QStringList pages();

private:
    void followLink(const QUrl& link);
    void styleTables();
    void findNext();
    bool findInOtherPages();

    QTextBrowser* m_browser;
    QLineEdit* m_search;
};

} // namespace headroom::app
