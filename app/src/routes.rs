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
use leptos::{ToTheirChildren, erase, prelude::*};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, ParentRouteProps, Route, RouteProps, Router, Routes, RoutesProps},
    path,
};

/// The root of every page. Pages are rendered whole before they are sent (`SsrMode::Async`): so the HTTP status is that of the page,
/// and nothing streams behind it.
#[component]
pub fn App() -> impl IntoView {
    let routes = || {
        (
            Route(RouteProps::builder().path(path!("/")).view(Home).ssr(SsrMode::Async).build()),
            Route(RouteProps::builder().path(path!("/setup")).view(Setup).ssr(SsrMode::Async).build()),
            Route(RouteProps::builder().path(path!("/sign-in")).view(SignIn).ssr(SsrMode::Async).build()),
            Route(RouteProps::builder().path(path!("/invite")).view(Invite).ssr(SsrMode::Async).build()),
            ParentRoute(ParentRouteProps::builder().path(path!("/a/:account")).view(AccountLayout).ssr(SsrMode::Async).children(ToTheirChildren::to_children(|| (
                Route(RouteProps::builder().path(path!("/seats")).view(Seats).ssr(SsrMode::Async).build()),
                Route(RouteProps::builder().path(path!("/seats/new")).view(NewSeat).ssr(SsrMode::Async).build()),
                Route(RouteProps::builder().path(path!("/seats/:seat")).view(Seat).ssr(SsrMode::Async).build()),
                Route(RouteProps::builder().path(path!("/seats/:seat/devices/:device")).view(Editor).ssr(SsrMode::Async).build()),
                Route(RouteProps::builder().path(path!("/carriers")).view(Carriers).ssr(SsrMode::Async).build()),
                Route(RouteProps::builder().path(path!("/carriers/new")).view(NewCarrier).ssr(SsrMode::Async).build()),
                Route(RouteProps::builder().path(path!("/carriers/:carrier")).view(Carrier).ssr(SsrMode::Async).build()),
                Route(RouteProps::builder().path(path!("/flags")).view(Flags).ssr(SsrMode::Async).build()),
                Route(RouteProps::builder().path(path!("/activity")).view(Activity).ssr(SsrMode::Async).build()),
                Route(RouteProps::builder().path(path!("/settings")).view(Settings).ssr(SsrMode::Async).build()),
            ))).build()),
        )
    };
    let pages = move || Routes(RoutesProps::builder().fallback(Nowhere).children(ToTheirChildren::to_children(routes)).build());
    view! {
        <Router>
            {erase(pages())}
            <LeaveDialog />
        </Router>
    }
}
