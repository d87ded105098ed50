#pragma once

#include <QString>

#include "core/base/error.h"

namespace headroom::app {

/// An error as one line for the user: the file's name and line where they are known, then the sentence.
QString errorSentence(const Error& error);

/// All that is known, with the whole path, for tool tips and the clipboard.
QString errorDetail(const Error& error);

} // namespace headroom::app
