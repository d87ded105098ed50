#pragma once

#include <span>

namespace headroom::app {

/// Where a command appears in the menu bar.
enum class Menu { File, Export, Edit, Sizing, Simulation, View, Help };

/// One thing that the user can do. The table feeds menus, toolbar, shortcut editor and the manual; what a
/// command does is bound in MainWindow. Texts are translated where they are shown (context "Command").
struct Command {
    const char* id; ///< stable: settings and tests know a command by it
    Menu menu;
    const char* text; ///< with mnemonic
    const char* tip;  ///< one sentence: tool tip and status tip
    const char* icon; ///< for widgets::icon(); empty: none
    const char* keys; ///< portable text; empty: none
    bool toolbar = false;
    bool separatorBefore = false;
};

/// All commands, in menu order.
std::span<const Command> commandTable();

} // namespace headroom::app
