// headroom-simulator: hosts one ngspice for a parent process that may not crash or leak with it.
// The protocol is described in core/simulation/worker_protocol.h.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <ngspice/sharedspice.h>

#include "core/simulation/ngspice_complaint.h"
#include "core/simulation/worker_protocol.h"

namespace protocol = headroom::simulation::protocol;

namespace {

/// The pipes to the parent, kept away from file descriptors 0 and 1, which ngspice prints to at times.
int requestPipe = -1;
int replyPipe = -1;

/// What ngspice printed last.
std::string lastLine;

/// What ngspice complained about since the last request began.
std::string complaints;
bool analysisAborted = false;

/// What ngspice said on its error stream since the last `try` began.
std::string objections;

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

int onPrint(char* text, int, void*) {
    std::string_view line(text);
    const bool isError = line.starts_with("stderr ");
    if (const std::size_t space = line.find(' '); space != std::string_view::npos)
        line.remove_prefix(space + 1);
    lastLine = line;
    if (isError && objections.size() < protocol::maximumComplaint) {
        objections += line;
        objections += '\n';
    }
    if (contains(line, "aborted") || contains(line, "ot enough memory")) analysisAborted = true;
    if (headroom::simulation::ngspice::isComplaint(line) && complaints.size() < protocol::maximumComplaint) {
        complaints += line;
        complaints += '\n';
    }
    return 0;
}

/// ngspice wants to end the process: its state is not to be trusted any more, so it shall.
int onExit(int, NG_BOOL, NG_BOOL, int, void*) {
    protocol::writeMessage(replyPipe, std::string(protocol::fatal) + "\n" + complaints);
    ::_exit(3);
}

bool loadDeck(std::string_view deck) {
    // ngspice keeps all circuits that it ever read until it is told otherwise.
    static bool holdsCircuit = false;
    if (holdsCircuit)
        for (const char* command : {"destroy all", "remcirc"})
            ngSpice_Command(std::string(command).data());
    holdsCircuit = true;
    complaints.clear();
    std::vector<std::string> lines;
    while (!deck.empty()) {
        const std::size_t end = deck.find('\n');
        lines.emplace_back(deck.substr(0, end));
        deck.remove_prefix(end == std::string_view::npos ? deck.size() : end + 1);
        if (lines.back().starts_with(protocol::before))
            ngSpice_Command(lines.back().substr(protocol::before.size()).data());
    }
    std::vector<char*> pointers;
    pointers.reserve(lines.size() + 1);
    for (std::string& line : lines)
        pointers.push_back(line.data());
    pointers.push_back(nullptr);
    return ngSpice_Circ(pointers.data()) == 0 && !contains(complaints, "Error");
}

bool isAnalysis(std::string_view command) {
    const std::string_view word = command.substr(0, command.find(' '));
    return word == "op" || word == "dc" || word == "ac" || word == "tran" || word == "noise";
}

/// Executes one ngspice command. An analysis that fails leaves no new plot or says that it was aborted.
bool execute(std::string& command) {
    const bool analysis = isAnalysis(command);
    const char* plot = ngSpice_CurPlot();
    const std::string before = plot == nullptr ? "" : plot;
    if (ngSpice_Command(command.data()) != 0 || analysisAborted) return false;
    if (!analysis) return true;
    plot = ngSpice_CurPlot();
    return plot != nullptr && before != plot;
}

void append(std::string& bytes, const void* data, std::size_t size) {
    bytes.append(static_cast<const char*>(data), size);
}

/// Adds one vector to the reply. ngGet_Vec_Info returns one static record, hence the copy at once.
bool appendVector(std::string& reply, std::string& name) {
    const vector_info* vector = ngGet_Vec_Info(name.data());
    if (vector == nullptr || vector->v_length <= 0) return false;
    const bool isComplex = vector->v_realdata == nullptr;
    if (isComplex && vector->v_compdata == nullptr) return false;
    const auto count = static_cast<std::uint32_t>(vector->v_length);
    const std::uint32_t width = isComplex ? 2 : 1;
    append(reply, &count, sizeof count);
    append(reply, &width, sizeof width);
    const void* data = isComplex ? static_cast<const void*>(vector->v_compdata) : vector->v_realdata;
    append(reply, data, sizeof(double) * count * width);
    return true;
}

void appendEmptyVector(std::string& reply, const std::string& why) {
    const std::uint32_t count = 0;
    const auto size = static_cast<std::uint32_t>(why.size());
    append(reply, &count, sizeof count);
    append(reply, &size, sizeof size);
    reply += why;
}

std::string failure(std::string_view what) {
    return std::string(protocol::failed) + "\n" + std::string(what) + "\n" + complaints;
}

/// Runs the lines of a script, see worker_protocol.h.
std::string runScript(std::string_view script) {
    std::string reply = std::string(protocol::done) + "\n";
    while (!script.empty()) {
        const std::size_t end = script.find('\n');
        std::string line(script.substr(0, end));
        script.remove_prefix(end == std::string_view::npos ? script.size() : end + 1);
        if (line.starts_with(protocol::get)) {
            std::size_t begin = protocol::get.size();
            while (begin < line.size()) {
                const std::size_t stop = std::min(line.find(' ', begin), line.size());
                std::string name = line.substr(begin, stop - begin);
                if (!appendVector(reply, name)) return failure("no vector " + name);
                begin = stop + 1;
            }
            continue;
        }
        if (line.starts_with(protocol::seek)) {
            line.erase(0, protocol::seek.size());
            const std::string said = objections; // before that of the search for the vector
            if (!appendVector(reply, line)) appendEmptyVector(reply, said);
            continue;
        }
        if (line.empty()) continue;
        const bool mayFail = line.starts_with(protocol::attempt);
        if (mayFail) {
            line.erase(0, protocol::attempt.size());
            objections.clear();
        }
        if (!execute(line) && !mayFail) return failure(line);
        analysisAborted = false;
    }
    return reply;
}

std::string answer(const std::string& request) {
    complaints.clear();
    analysisAborted = false;
    const std::string_view text = request;
    const std::size_t end = text.find('\n');
    const std::string_view verb = text.substr(0, end);
    const std::string_view body = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (verb == protocol::load)
        return loadDeck(body) && !analysisAborted ? std::string(protocol::done) + "\n" + complaints
                                                  : failure("load");
    if (verb == protocol::run) return runScript(body);
    if (verb == protocol::version) {
        ngSpice_Command(std::string("version -v").data());
        constexpr std::string_view prefix = "ngspice-";
        const std::string_view name = lastLine;
        return std::string(protocol::done) + "\n" +
               std::string(name.starts_with(prefix) ? name.substr(prefix.size()) : name);
    }
    return failure("unknown request");
}

/// Ends the process as soon as the parent's end of the pipe is gone, even in the middle of an analysis.
void watchParent() {
    pollfd pipe{requestPipe, 0, 0};
    while (::poll(&pipe, 1, -1) < 0 || (pipe.revents & (POLLHUP | POLLERR)) == 0) {
    }
    ::_exit(0);
}

} // namespace

int main() {
    requestPipe = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    replyPipe = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (requestPipe < 0 || replyPipe < 0 || nowhere < 0) return 2;
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        ::dup2(nowhere, standard);
    std::thread(watchParent).detach();

    // Without callbacks for them ngspice does not gather its values a second time, point by point.
    ngSpice_Init(onPrint, nullptr, onExit, nullptr, nullptr, nullptr, nullptr);
    for (const char* command :
         {"set num_threads=1", "unset history", "set nomoremode", "unset interactive", "set norefvalue"})
        ngSpice_Command(std::string(command).data());
    std::string request;
    while (protocol::readMessage(requestPipe, request))
        if (!protocol::writeMessage(replyPipe, answer(request))) break;
    ::_exit(0);
}
