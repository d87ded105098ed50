#include "app/shell/command_table.h"

#include <QtGlobal>

#include <array>

namespace headroom::app {

std::span<const Command> commandTable() {
#define TEXT(text) QT_TRANSLATE_NOOP("Command", text)
    static constexpr std::array table{
        Command{"file.new", Menu::File, TEXT("&New Project"), TEXT("Start an empty project"), "new",
                "Ctrl+N"},
        Command{"file.open", Menu::File, TEXT("&Open Project…"), TEXT("Open a project folder"), "open",
                "Ctrl+O", true},
        Command{"file.import", Menu::File, TEXT("&Import Netlist…"),
                TEXT("Put a netlist into the open project"), "import", "Ctrl+I", true},
        Command{"file.save", Menu::File, TEXT("&Save"), TEXT("Save the project"), "save", "Ctrl+S", true,
                true},
        Command{"file.save_as", Menu::File, TEXT("Save &As…"), TEXT("Save the project in another folder"), "",
                "Ctrl+Shift+S"},
        Command{"export.netlist", Menu::Export, TEXT("Sized &Netlist…"),
                TEXT("Write the imported netlist with the chosen sizes in it"), "export", "Ctrl+E"},
        Command{"export.parameters", Menu::Export, TEXT("&Parameter Include…"),
                TEXT("Write the chosen sizes as a .param include file"), "", ""},
        Command{"export.csv", Menu::Export, TEXT("Sizes as &CSV…"), TEXT("Write the chosen sizes as a table"),
                "", ""},
        Command{"export.json", Menu::Export, TEXT("Sizes as &JSON…"), TEXT("Write the chosen sizes as JSON"),
                "", ""},
        Command{"export.pictures", Menu::Export, TEXT("P&ictures…"),
                TEXT("Write the histograms of performances and widths as SVG"), "", "", false, true},
        Command{"export.schematic", Menu::Export, TEXT("&Schematic…"),
                TEXT("Write the drawing as SVG, PDF or xschem schematic"), "schematic", ""},
        Command{"file.quit", Menu::File, TEXT("&Quit"), TEXT("Close Headroom"), "", "Ctrl+Q"},
        Command{"edit.undo", Menu::Edit, TEXT("&Undo"), TEXT("Take the last change back"), "undo", "Ctrl+Z",
                true},
        Command{"edit.redo", Menu::Edit, TEXT("&Redo"), TEXT("Make the change again"), "redo", "Ctrl+Shift+Z",
                true},
        Command{"edit.preferences", Menu::Edit, TEXT("&Preferences…"),
                TEXT("Appearance, computing, shortcuts"), "settings", "Ctrl+,", false, true},
        Command{"sizing.propose", Menu::Sizing, TEXT("&Propose Sizings"),
                TEXT("Propose sizings for the specification and simulate them"), "explore", "F5", true, true},
        Command{"sizing.propose_others", Menu::Sizing, TEXT("Propose &Others"),
                TEXT("Propose sizings for the same specification with the next seed"), "random", "Ctrl+F5"},
        Command{"sizing.stop", Menu::Sizing, TEXT("S&top"), TEXT("Stop what the Sizing panel is doing"),
                "stop", "Shift+F5", true},
        Command{"sizing.simulate", Menu::Sizing, TEXT("Simulate as &Drawn"),
                TEXT("Simulate the netlist with the sizes that it has"), "simulate", "F6", true},
        Command{"sizing.accept", Menu::Sizing, TEXT("&Accept Sizing"),
                TEXT("Put the chosen candidate's sizes into the netlist"), "met", "Ctrl+Return", true},
        Command{"sizing.sampling", Menu::Sizing, TEXT("Sa&mpling Settings…"),
                TEXT("How many sizings are proposed, and how"), "settings", "", false, true},
        Command{"sizing.conditions", Menu::Sizing, TEXT("&Technology and Conditions…"),
                TEXT("Technology, corner, supply, temperature and bias to simulate under"), "device",
                "Ctrl+T"},
        Command{"sizing.dataset", Menu::Sizing, TEXT("&Build Data Set…"),
                TEXT("Draw and simulate sizings of this circuit to train on"), "dataset", "", false, true},
        Command{"sizing.train", Menu::Sizing, TEXT("T&rain Model…"), TEXT("Train networks on the data set"),
                "train", ""},
        Command{"view.reset_layout", Menu::View, TEXT("&Reset Layout"),
                TEXT("Put all panels back where they belong"), "", ""},
        Command{"help.manual", Menu::Help, TEXT("&Manual"), TEXT("Explain the panel that has the focus"),
                "help", "F1"},
        Command{"help.shortcuts", Menu::Help, TEXT("&Keyboard Shortcuts…"),
                TEXT("See and change the shortcuts"), "", "Ctrl+?"},
        Command{"help.about", Menu::Help, TEXT("&About Headroom"),
                TEXT("Version, licence and what it is built on"), "help", "", false, true},
        Command{"help.about_qt", Menu::Help, TEXT("About &Qt"), TEXT("The toolkit's own words"), "", ""},
    };
#undef TEXT
    return table;
}

} // namespace headroom::app
