//! A fresh store on either engine.

use crate::cluster::Cluster;
use std::{path::Path, sync::Arc};
use store::{Options, Store};
use tempfile::TempDir;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A store and what it lives on.
pub struct Lab {
    pub store: Store,
    pub options: Options,
    pub folder: TempDir,
    pub engine: Engine,
    _cluster: Option<Arc<Cluster>>,
}

impl Lab {
    pub async fn new(engine: Engine) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Held by every lab on it: the cluster ends with its last holder.
        let cluster = (engine == Engine::Postgres).then(Cluster::shared);
        let options = Self::options(engine, &folder.path().join("data"));
        let store = Store::open(&options, true).await.unwrap();
        Self { store, options, folder, engine, _cluster: cluster }
    }

    /// Where another store of the engine may stand; nothing is there yet.
    pub fn options(engine: Engine, data: &Path) -> Options {
        let database = (engine == Engine::Postgres).then(|| Cluster::shared().database());
        Options { data: data.into(), database }
    }

    /// The same store after a restart.
    pub async fn reopened(self) -> Self {
        self.store.close().await;
        Self { store: Store::open(&self.options, true).await.unwrap(), ..self }
    }

    /// A connection beside the store, to look at what is really there.
    pub async fn raw(&self) -> sea_orm::DatabaseConnection {
        let sqlite = || format!("sqlite://{}", self.options.data.join("seatline.db").display());
        let mut options = sea_orm::ConnectOptions::new(self.options.database.clone().unwrap_or_else(sqlite));
        // As the store's own: see `connect.rs`.
        sea_orm::Database::connect(options.idle_timeout(None).max_lifetime(None).to_owned()).await.unwrap()
    }
}

/// The same test on both engines.
macro_rules! both {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        mod $name {
            use crate::engine::{Engine, Lab};

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::super::$name(Lab::new(Engine::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::super::$name(Lab::new(Engine::Postgres).await).await;
            }
        }
    };
}
