//! The router: which page stands at which address.

use crate::{
    editor::Editor,
    guard::LeaveDialog,
    layout::AccountLayout,
    pages::{
        activity::Activity,
        carriers::{Carrier, Carriers, NewCarrier},
        flags::Flags,
        home::{Home, Nowhere},
        invite::Invite,
        new_seat::NewSeat,
        seat::Seat,
        seats::Seats,
        settings::Settings,
        setup::Setup,
        sign_in::SignIn,
    },
};
use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

/// The root of every page. Pages are rendered whole before they are sent (`SsrMode::Async`): so the HTTP status is that of the page,
/// and nothing streams behind it.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=Nowhere>
                <Route path=path!("/") view=Home ssr=SsrMode::Async />
                <Route path=path!("/setup") view=Setup ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=SignIn ssr=SsrMode::Async />
                <Route path=path!("/invite") view=Invite ssr=SsrMode::Async />
                <ParentRoute path=path!("/a/:account") view=AccountLayout ssr=SsrMode::Async>
                    <Route path=path!("/seats") view=Seats ssr=SsrMode::Async />
                    <Route path=path!("/seats/new") view=NewSeat ssr=SsrMode::Async />
                    <Route path=path!("/seats/:seat") view=Seat ssr=SsrMode::Async />
                    <Route path=path!("/seats/:seat/devices/:device") view=Editor ssr=SsrMode::Async />
                    <Route path=path!("/carriers") view=Carriers ssr=SsrMode::Async />
                    <Route path=path!("/carriers/new") view=NewCarrier ssr=SsrMode::Async />
                    <Route path=path!("/carriers/:carrier") view=Carrier ssr=SsrMode::Async />
                    <Route path=path!("/flags") view=Flags ssr=SsrMode::Async />
                    <Route path=path!("/activity") view=Activity ssr=SsrMode::Async />
                    <Route path=path!("/settings") view=Settings ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
            <LeaveDialog />
        </Router>
    }
}
