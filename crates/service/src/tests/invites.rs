//! Invitations: a week, once, told, and alike for every name.

use super::house::{HERE, House, password};
use domain::{DAY, EventKind, Problem, Role, Secret};

impl House {
    async fn invited(&self, name: &str) -> Secret {
        Secret::new(self.invite(&self.admin, self.account, name.into(), Role::Viewer).await.unwrap())
    }
}

#[tokio::test]
async fn an_invitation_is_good_for_a_week_and_once() {
    let house = House::new().await;
    let (late, used) = (house.invited("late").await, house.invited("bob").await);
    house.site.clock.pass(7 * DAY - 1);
    house.accept_invite(HERE, used.clone(), password()).await.unwrap();
    assert!(matches!(house.accept_invite(HERE, used, password()).await, Err(Problem::Refused { .. })), "it was used");
    house.site.clock.pass(1);
    assert!(matches!(house.accept_invite(HERE, late, password()).await, Err(Problem::Refused { .. })), "it has expired");
}

#[tokio::test]
async fn to_take_an_invitation_back_is_told() {
    let house = House::new().await;
    let token = house.invited("bob").await;
    let id = house.settings(&house.admin, house.account).await.unwrap().invites[0].id.clone();
    house.site.sql("ALTER TABLE events RENAME TO away").await;
    assert!(house.revoke_invite(&house.admin, house.account, id.clone()).await.is_err());
    house.site.sql("ALTER TABLE away RENAME TO events").await;
    assert!(house.invite_view(HERE, token.clone()).await.is_ok(), "what can't be told is not done");
    house.revoke_invite(&house.admin, house.account, id).await.unwrap();
    assert!(house.invite_view(HERE, token).await.is_err());
    assert_eq!(house.told(house.account, EventKind::InviteRevoked).await, [("ada".to_owned(), "bob".to_owned())]);
}

#[tokio::test]
async fn a_password_that_can_be_nobodys_is_refused_alike_for_every_name() {
    let house = House::new().await;
    house.operator("bob", "First", Role::Viewer).await;
    for short in ["short", "", "eleven char"] {
        let answer = async |name: &str| house.accept_invite(HERE, house.invited(name).await, Secret::new(short)).await.unwrap_err();
        let (known, unknown) = (answer("bob").await, answer("nobody").await);
        assert_eq!(known, unknown, "{short}");
        assert!(matches!(known, Problem::Refused { why } if why.contains("12 to 256")));
    }
}
