#include "app/shell/command_table.h"

#include <QKeySequence>
#include <QSet>
#include <QTest>

#include "widgets/common/icons.h"

namespace headroom::app {

class CommandTableTest : public QObject {
    Q_OBJECT

private slots:
    void hasUniqueIds();
    void hasUniqueAndReadableKeys();
    void hasTipsAndIconsThatExist();
};

void CommandTableTest::hasUniqueIds() {
    QSet<QString> ids;
    for (const Command& command : commandTable()) {
        QVERIFY2(!ids.contains(command.id), command.id);
        ids.insert(command.id);
    }
    QVERIFY(ids.size() > 20);
}

void CommandTableTest::hasUniqueAndReadableKeys() {
    QSet<QString> taken;
    for (const Command& command : commandTable()) {
        if (*command.keys == '\0') continue;
        const QKeySequence keys(QString::fromLatin1(command.keys), QKeySequence::PortableText);
        QVERIFY2(keys.count() == 1 && keys[0].key() != Qt::Key_unknown, command.id);
        QVERIFY2(!taken.contains(keys.toString()), command.id);
        taken.insert(keys.toString());
    }
}

void CommandTableTest::hasTipsAndIconsThatExist() {
    const QStringList icons = widgets::iconNames();
    for (const Command& command : commandTable()) {
        QVERIFY2(*command.tip != '\0', command.id);
        QVERIFY2(*command.icon == '\0' || icons.contains(command.icon), command.id);
    }
}

} // namespace headroom::app

QTEST_MAIN(headroom::app::CommandTableTest)
#include "command_table_test.moc"
