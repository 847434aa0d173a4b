//! Signing in and out, and the session behind each request. A session is 256 random bits; the server keeps their SHA-256.

use crate::{
    Service,
    failure::{Stored, failed},
    gate::{Knock, slow_down},
    passwords,
    write::Write,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::view::{AccountRef, Me};
use domain::{EventKind, MINUTE, Millis, OperatorId, Problem, SECOND, Secret, rules::text::folded};
use sha2::{Digest, Sha256};
use store::{Operator, SessionRow};
use uuid::Uuid;

/// Who calls: an operator with a live session, or the system itself.
#[derive(Clone, Debug)]
pub struct Caller {
    pub id: OperatorId,
    pub name: String,
    /// SHA-256 of the session's token.
    pub(crate) token: [u8; 32],
    /// When the session ends in any case.
    pub(crate) until: Millis,
}

impl Caller {
    /// The command line, or Seatline itself: it has no session and no row.
    pub(crate) fn system(name: &str) -> Self {
        Self { id: OperatorId(Uuid::nil()), name: name.into(), token: [0; 32], until: 0 }
    }

    /// The operator's id, if it is one.
    pub(crate) fn known(&self) -> Option<OperatorId> {
        (!self.id.0.is_nil()).then_some(self.id)
    }
}

/// A session that just began.
#[derive(Debug)]
pub struct Entered {
    /// For the cookie; kept nowhere else.
    pub token: Token,
    /// Seconds until it ends in any case.
    pub max_age: u64,
    /// For a cookie that outlives the session: this browser is the operator's ([`Knock`]).
    pub known: Token,
    pub me: Me,
}

/// A token for a cookie; its `Debug` prints `…`.
pub struct Token(pub(crate) String);

impl std::ops::Deref for Token {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// Random bytes of the system, as a token for a cookie or a link.
pub(crate) fn new_token() -> Result<String, Problem> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(failed)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

pub(crate) fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

impl Service {
    /// The caller behind a cookie's token; none when the session is unknown, idle too long, or over. A database that can't be read is
    /// an error: nobody is told that they are signed out by it.
    pub async fn session(&self, token: &str) -> Result<Option<Caller>, Problem> {
        let Some((caller, seen)) = self.caller(token).await? else { return Ok(None) };
        let now = self.now();
        if now - seen >= MINUTE {
            self.touch(caller.token, now).await;
        }
        Ok(Some(caller))
    }

    /// The same for what a page asks by itself: nobody used the session by it.
    pub async fn session_unattended(&self, token: &str) -> Result<Option<Caller>, Problem> {
        Ok(self.caller(token).await?.map(|(caller, _)| caller))
    }

    /// The caller, and when the session was last used.
    async fn caller(&self, token: &str) -> Result<Option<(Caller, Millis)>, Problem> {
        let hash = token_hash(token);
        let Some(row) = self.live_session(hash).await? else { return Ok(None) };
        let operator = self.inner.store.read().operator(row.operator).await.or_fail()?;
        Ok(operator.map(|operator| (Caller { id: operator.id, name: operator.name, token: hash, until: row.expires }, row.seen)))
    }

    /// Whether the caller's session still lives.
    pub(crate) async fn is_open(&self, caller: &Caller) -> bool {
        matches!(self.live_session(caller.token).await, Ok(Some(_)))
    }

    async fn live_session(&self, hash: [u8; 32]) -> Result<Option<SessionRow>, Problem> {
        let row = self.inner.store.read().session(hash).await.or_fail()?;
        let now = self.now();
        Ok(row.filter(|row| now < row.expires && now - row.seen < self.inner.config.idle))
    }

    async fn touch(&self, hash: [u8; 32], now: Millis) {
        let done = async {
            let tx = self.inner.store.begin().await?;
            tx.touch_session(hash, now).await?;
            tx.commit().await
        };
        if let Err(error) = done.await {
            tracing::warn!(%error, "a session could not be kept fresh");
        }
    }

    /// Signs in by name and password.
    pub async fn sign_in(&self, knock: impl Into<Knock>, name: String, password: Secret) -> Result<Entered, Problem> {
        let name = name.trim();
        // Longer than any name or password: not worth the work.
        if name.chars().count() > 64 || password.expose().len() > 4 * passwords::MOST {
            return Err(Problem::WrongSignIn);
        }
        let trier = self.trier(&knock.into(), name);
        self.may_try(&trier)?;
        // Counted before the slow check, so that parallel tries don't slip through.
        self.tried(&trier, false);
        let operator = self.inner.store.read().operator_by_name(name).await.or_fail()?;
        let right = self.inner.passwords.verify(&password, operator.as_ref().map(|o| o.password_hash.clone())).await?;
        match operator {
            Some(operator) if right => {
                self.tried(&trier, true);
                self.enter(&operator).await
            }
            _ => Err(Problem::WrongSignIn),
        }
    }

    /// Begins a session for an operator whose password was right.
    pub(crate) async fn enter(&self, operator: &Operator) -> Result<Entered, Problem> {
        let token = new_token()?;
        let now = self.now();
        let row = SessionRow {
            token_hash: token_hash(&token),
            operator: operator.id,
            created: now,
            seen: now,
            expires: now + self.inner.config.absolute,
        };
        let caller = Caller { id: operator.id, name: operator.name.clone(), token: row.token_hash, until: row.expires };
        let me = self.me(&caller).await?;
        let known = self.known_browser(&operator.name)?;
        let mut write = Write::begin_everywhere(self, &caller).await?;
        write.tx.insert_session(&row).await.or_fail()?;
        write.record_everywhere(caller.id, EventKind::SignedIn, &caller.name).await?;
        write.commit().await?;
        Ok(Entered { token: Token(token), max_age: (self.inner.config.absolute / SECOND) as u64, known, me })
    }

    /// Ends the session on the server.
    pub async fn sign_out(&self, caller: &Caller) -> Result<(), Problem> {
        let mut write = Write::begin_everywhere(self, caller).await?;
        write.tx.delete_session(caller.token).await.or_fail()?;
        write.record_everywhere(caller.id, EventKind::SignedOut, &caller.name).await?;
        write.commit().await
    }

    /// Who is signed in, and where to.
    pub async fn me(&self, caller: &Caller) -> Result<Me, Problem> {
        let rows = self.inner.store.read().memberships(caller.id).await.or_fail()?;
        let mut accounts: Vec<AccountRef> = rows.into_iter().map(|(m, name)| AccountRef { id: m.account, name, role: m.role }).collect();
        accounts.sort_by_key(|a| folded(&a.name));
        Ok(Me { id: caller.id, name: caller.name.clone(), accounts, until: caller.until })
    }

    /// Changes one's own password. Every other session of the operator ends.
    pub async fn change_password(&self, caller: &Caller, old: Secret, new: Secret) -> Result<(), Problem> {
        let operator = self.inner.store.read().operator(caller.id).await.or_fail()?.ok_or(Problem::SignedOut)?;
        passwords::check(&new).map_err(|fault| Problem::Refused { why: format!("The new password: {fault}") })?;
        let wait = self.inner.gate.lock().looks.wait(&caller.id, self.now());
        if wait > 0 {
            return Err(slow_down(wait));
        }
        if !self.inner.passwords.verify(&old, Some(operator.password_hash)).await? {
            // Ten at a time: guessing the old one through an open session is slow.
            self.inner.gate.lock().looks.take(caller.id, 10, self.now());
            return Err(Problem::Refused { why: "The old password is wrong.".into() });
        }
        let hash = self.inner.passwords.hash(&new).await?;
        let mut write = Write::begin_everywhere(self, caller).await?;
        write.tx.set_password_hash(caller.id, &hash).await.or_fail()?;
        write.tx.delete_sessions_of(caller.id, Some(caller.token)).await.or_fail()?;
        write.record_everywhere(caller.id, EventKind::OperatorPasswordChanged, &caller.name).await?;
        write.commit().await
    }
}
