//! Columns of the same meaning on both engines, in few words.

use sea_orm::{
    DbBackend,
    sea_query::{ColumnDef, ForeignKey, ForeignKeyCreateStatement, Index, IndexCreateStatement, Table, TableCreateStatement},
};

/// Makes columns for one engine.
#[derive(Clone, Copy)]
pub struct Build(pub DbBackend);

#[expect(clippy::unused_self, reason = "one way to make a column, whether the engine matters to it or not")]
impl Build {
    pub fn uuid(self, name: &'static str) -> ColumnDef {
        ColumnDef::new(name).uuid().not_null().take()
    }

    pub fn maybe_uuid(self, name: &'static str) -> ColumnDef {
        ColumnDef::new(name).uuid().null().take()
    }

    /// Compared byte for byte on both engines, whatever the locale of the database.
    pub fn text(self, name: &'static str) -> ColumnDef {
        self.collated(ColumnDef::new(name).text().not_null().take())
    }

    pub fn maybe_text(self, name: &'static str) -> ColumnDef {
        self.collated(ColumnDef::new(name).text().null().take())
    }

    fn collated(self, mut column: ColumnDef) -> ColumnDef {
        if self.0 == DbBackend::Postgres {
            column.extra("COLLATE \"C\"");
        }
        column
    }

    pub fn int(self, name: &'static str) -> ColumnDef {
        ColumnDef::new(name).integer().not_null().take()
    }

    /// Versions, sequence numbers, and times in milliseconds since 1970.
    pub fn big(self, name: &'static str) -> ColumnDef {
        ColumnDef::new(name).big_integer().not_null().take()
    }

    pub fn maybe_big(self, name: &'static str) -> ColumnDef {
        ColumnDef::new(name).big_integer().null().take()
    }

    pub fn flag(self, name: &'static str) -> ColumnDef {
        ColumnDef::new(name).boolean().not_null().take()
    }

    pub fn bytes(self, name: &'static str) -> ColumnDef {
        ColumnDef::new(name).blob().not_null().take()
    }

    pub fn maybe_bytes(self, name: &'static str) -> ColumnDef {
        ColumnDef::new(name).blob().null().take()
    }
}

pub fn table(name: &'static str, columns: impl IntoIterator<Item = ColumnDef>, key: &[&'static str]) -> TableCreateStatement {
    let mut table = Table::create().table(name).take();
    for mut column in columns {
        table.col(&mut column);
    }
    let mut primary = Index::create();
    for column in key {
        primary.col(*column);
    }
    table.primary_key(&mut primary).take()
}

pub fn index(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create().name(name).table(table).take();
    for column in columns {
        index.col(*column);
    }
    index
}

pub fn unique(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index(name, table, columns).unique().take()
}

/// From one column to another table's id.
pub fn refers(table: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, column).to(to, "id").take()
}
