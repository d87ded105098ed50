#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/netlist/finding_list.h"
#include "core/netlist/logical_line.h"
#include "core/netlist/spice_document.h"

namespace headroom::netlist {

/// Reads SPICE text and what it includes into a SpiceDocument. Every physical line is accounted for in
/// Netlist::lines.
class SpiceParser {
public:
    /// @param before what an earlier reading of the same files gave: conditions also see the parameters
    ///        that it found behind them
    SpiceParser(Netlist& netlist, SpiceDocument& document, FindingList& findings,
                const SpiceDocument* before = nullptr)
        : m_netlist(netlist)
        , m_document(document)
        , m_findings(findings)
        , m_before(before) {}

    /// Parses netlist.files[0]. Includes are looked for beside @p folder.
    Result<void> parse(const std::filesystem::path& folder);

    /// Parses cards that stand somewhere inside of a file (a directive of a schematic) as a part of
    /// subcircuit @p cell. Lines of files that the cards include are counted by countLines.
    Result<void> parseBlock(SplitText split, int fileIndex, const std::filesystem::path& folder, int cell);
    /// Adds the lines of the files that were read to Netlist::lines.
    void countLines();
    /// How the conditions of .if cards came out, in order.
    const std::vector<bool>& conditions() const { return m_conditions; }

private:
    struct LoadedFile {
        int index = 0;
        std::filesystem::path folder;
        SplitText split;
        std::vector<bool> accounted; ///< by card of `split`
    };
    /// A .include or .lib that is being read, to find cycles: file index and section ("" = all).
    using Inclusion = std::pair<int, std::string>;

    LoadedFile& load(int fileIndex, const std::filesystem::path& folder);
    Result<void> parseFile(LoadedFile& file);
    Result<void> parseSection(LoadedFile& file, const std::string& section, const SourceSpan& from);
    Result<void> parseRange(LoadedFile& file, std::size_t begin, std::size_t end);

    /// Handles a card that ends the reading of a file or opens a block of lines that are kept as they
    /// are; returns the index of the next card to look at.
    std::size_t skipBlock(LoadedFile& file, std::size_t at, std::size_t end, std::string_view closing);
    /// From an .alter card to the next one or the end of the netlist.
    std::size_t skipAlteration(LoadedFile& file, std::size_t at, std::size_t end);
    /// From a .prot card to the card behind it or, where what follows is encrypted, to .unprot.
    std::size_t skipEncrypted(LoadedFile& file, std::size_t at, std::size_t end);
    /// From behind an .if, .elseif or .else that is not taken to the next one of the same .if.
    std::size_t skipToNextBranch(LoadedFile& file, std::size_t at, std::size_t end);

    Result<void> parseCard(LoadedFile& file, const LogicalLine& line, const std::string& keyword);
    Result<void> parseDotCard(LoadedFile& file, const LogicalLine& line, const std::string& keyword);
    void parseDirective(const LogicalLine& line);
    bool parseFirstLine(const LogicalLine& line);
    void addDevice(const LogicalLine& line);

    Result<void> openSubcircuit(const LogicalLine& line);
    Result<void> closeSubcircuit(const LogicalLine& line, const std::string& keyword);
    Result<void> includeFile(LoadedFile& from, const LogicalLine& line, bool library);
    Result<void> includeNamed(LoadedFile& from, const LogicalLine& line, const std::string& name,
                              const std::string& section);
    Result<void> openCell(Subcircuit cell, const LogicalLine& line);
    void addParameters(const LogicalLine& line);
    void addFunction(std::string_view head, std::string body);
    void addModel(const LogicalLine& line);
    void addOptions(const LogicalLine& line);
    void addGlobals(const LogicalLine& line);
    bool condition(std::string_view text, const LogicalLine& line);

    // Spectre statements, in spectre_statements.cpp.
    Result<std::size_t> parseSpectre(LoadedFile& file, std::size_t at, std::size_t end);
    Result<void> parseSpectreStatement(LoadedFile& file, const LogicalLine& line, const std::string& keyword);
    Result<std::size_t> parseSpectreIf(LoadedFile& file, std::size_t at, std::size_t end);
    std::size_t skipBraces(LoadedFile& file, std::size_t at, std::size_t end);
    struct Brace {
        std::size_t line = 0; ///< index of its card; the end of the range where there is none
        std::size_t column = 0;
    };
    /// The brace that closes the @p depth ones that are open where card @p at begins.
    Brace closingBrace(const LoadedFile& file, std::size_t at, std::size_t end, int depth);
    Result<void> parseBranch(LoadedFile& file, bool taken, std::size_t begin, std::size_t end);
    Result<void> openSpectreSubcircuit(const LogicalLine& line);
    Result<void> includeSpectre(LoadedFile& from, const LogicalLine& line);
    void addSpectreParameters(const LogicalLine& line);
    void addSpectreModel(const LogicalLine& line);
    void addSpectreFunction(const LogicalLine& line, std::string_view text);
    bool isTitle(const LoadedFile& file, std::size_t at, std::size_t end) const;
    std::string statementText(const LoadedFile& file, std::size_t at, std::size_t end);
    void addSpectreGlobals(const LogicalLine& line);
    void addSpectreInstance(const LogicalLine& line);

    Subcircuit& current() { return m_document.subcircuits[static_cast<std::size_t>(m_open.back())]; }
    static std::filesystem::path canonicalPath(const std::filesystem::path& path);
    Result<int> fileIndexOf(const std::filesystem::path& path, const std::filesystem::path& folder);

    Netlist& m_netlist;
    SpiceDocument& m_document;
    FindingList& m_findings;
    const SpiceDocument* m_before;
    std::vector<bool> m_conditions;
    std::map<int, LoadedFile> m_files;
    bool m_hasTitle = true;     ///< the first line of the imported file is one
    std::vector<int> m_open{0}; ///< nested subcircuits, innermost last
    std::vector<Inclusion> m_inclusions;
    std::vector<bool> m_branchTaken; ///< of the nested .if cards
    int m_ifDepth = 0;               ///< of Spectre's if blocks
    int m_inclusionCount = 0;
    std::size_t m_work = 0;                             ///< cards and definitions looked at, to bound it
    std::map<std::filesystem::path, int> m_fileIndices; ///< by canonical path
};

} // namespace headroom::netlist
