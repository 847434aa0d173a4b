//! Operators, roles, sessions, invites.

use crate::{engine::Lab, fixture::*};
use domain::Role;
use store::{Column, InviteRow, Membership, Operator, SessionRow, StoreError};

mod on {
    both!(operators_have_a_role_in_each_account);
    both!(sessions_and_invites_end);
}

async fn operators_have_a_role_in_each_account(lab: Lab) {
    let store = &lab.store;
    let (one, two) = (account(store, "one.example.net").await, account(store, "two.example.net").await);
    assert!(!store.read().any_admin().await.unwrap());
    let (ada, grace) = (operator(store, "Ada").await, operator(store, "grace").await);
    let tx = store.begin().await.unwrap();
    tx.set_membership(&Membership { account: one, operator: ada, role: Role::Viewer }).await.unwrap();
    tx.set_membership(&Membership { account: one, operator: ada, role: Role::Admin }).await.unwrap();
    tx.set_membership(&Membership { account: two, operator: ada, role: Role::Operator }).await.unwrap();
    tx.set_membership(&Membership { account: one, operator: grace, role: Role::Viewer }).await.unwrap();
    tx.set_password_hash(ada, "$argon2id$another").await.unwrap();
    tx.commit().await.unwrap();
    let reads = store.read();
    assert!(reads.any_admin().await.unwrap());
    assert_eq!((reads.admins(one).await.unwrap(), reads.admins(two).await.unwrap()), (1, 0));
    assert_eq!(reads.role(one, ada).await.unwrap(), Some(Role::Admin), "the newer role holds");
    assert_eq!(reads.role(two, grace).await.unwrap(), None);
    let named = reads.operator_by_name("ADA").await.unwrap().unwrap();
    assert_eq!((named.id, named.password_hash.as_str()), (ada, "$argon2id$another"));
    assert!(!format!("{named:?}").contains("argon2id"));
    assert_eq!(reads.operator(ada).await.unwrap(), Some(named));
    let names: Vec<(String, Role)> = reads.members(one).await.unwrap().into_iter().map(|(o, role)| (o.name, role)).collect();
    assert_eq!(names, [("Ada".to_owned(), Role::Admin), ("grace".to_owned(), Role::Viewer)]);
    let mine: Vec<(Role, String)> = reads.memberships(ada).await.unwrap().into_iter().map(|(m, name)| (m.role, name)).collect();
    assert_eq!(mine, [(Role::Admin, "Account of one.example.net".to_owned()), (Role::Operator, "Account of two.example.net".to_owned())]);

    let tx = store.begin().await.unwrap();
    tx.remove_membership(one, ada).await.unwrap();
    assert!(matches!(tx.remove_membership(one, ada).await, Err(StoreError::NotFound)));
    assert_eq!(tx.memberships(ada).await.unwrap().len(), 1, "removed from that account alone");
    let again = Operator { id: id(), name: "aDA".into(), password_hash: String::new(), created: NOW };
    assert!(matches!(tx.insert_operator(&again).await, Err(StoreError::Taken(Column::OperatorName))));
}

async fn sessions_and_invites_end(lab: Lab) {
    let store = &lab.store;
    let account = account(store, "one.example.net").await;
    let ada = operator(store, "Ada").await;
    let session = |n: u8| SessionRow { token_hash: [n; 32], operator: ada, created: NOW, seen: NOW, expires: NOW + 100 };
    let tx = store.begin().await.unwrap();
    for n in 1..=3 {
        tx.insert_session(&session(n)).await.unwrap();
    }
    tx.touch_session([1; 32], NOW + 7).await.unwrap();
    tx.touch_session([9; 32], NOW + 7).await.unwrap();
    tx.delete_session([2; 32]).await.unwrap();
    tx.commit().await.unwrap();
    let reads = store.read();
    assert_eq!(reads.session([1; 32]).await.unwrap(), Some(SessionRow { seen: NOW + 7, ..session(1) }));
    assert_eq!(reads.session([2; 32]).await.unwrap(), None);
    let tx = store.begin().await.unwrap();
    tx.delete_sessions_of(ada, Some([3; 32])).await.unwrap();
    assert!(tx.session([1; 32]).await.unwrap().is_none() && tx.session([3; 32]).await.unwrap().is_some());
    tx.delete_sessions_of(ada, None).await.unwrap();
    assert!(tx.session([3; 32]).await.unwrap().is_none());

    let invite = |n: u8| InviteRow {
        token_hash: [n; 32],
        account,
        name: "Hedy".into(),
        role: Role::Operator,
        created_by: "Ada".into(),
        created: NOW + i64::from(n),
        expires: NOW + 100,
        used: None,
    };
    for n in 1..=3 {
        tx.insert_invite(&invite(n)).await.unwrap();
    }
    tx.use_invite([1; 32], NOW + 5).await.unwrap();
    assert!(matches!(tx.use_invite([1; 32], NOW + 6).await, Err(StoreError::NotFound)), "once");
    tx.delete_invite([2; 32]).await.unwrap();
    assert!(matches!(tx.delete_invite([2; 32]).await, Err(StoreError::NotFound)));
    assert_eq!(tx.invites(account).await.unwrap(), [invite(3)], "the open ones");
    assert_eq!(tx.invite([1; 32]).await.unwrap().unwrap().used, Some(NOW + 5));
    tx.commit().await.unwrap();
}
