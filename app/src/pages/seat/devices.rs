//! The devices of a seat, each with how it stands on the network now.

use super::page::Ctx;
use crate::{pages::phone::phone, ui::Pill};
use domain::rules::text::shown_mac;
use domain::view::DeviceRow;
use leptos::prelude::*;

pub fn list(ctx: Ctx) -> AnyView {
    (move || {
        let devices = ctx.devices.get();
        if devices.is_empty() {
            return view! { <div class="tablewrap"><p class="empty">"No device yet."</p></div> }.into_any();
        }
        let rows = devices.into_iter().map(|device| row(ctx, device)).collect_view();
        view! {
            <div class="tablewrap scrolls" tabindex="0" role="region" aria-label="List of devices">
                <table class="list cards">
                    <thead>
                        <tr>
                            <th scope="col">"Device"</th>
                            <th scope="col">"Username"</th>
                            <th scope="col">"MAC Address"</th>
                            <th scope="col">"On the network"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    })
    .into_any()
}

fn row(ctx: Ctx, device: DeviceRow) -> AnyView {
    let href = ctx.account.with_untracked(|a| a.href(&format!("/seats/{}/devices/{}", ctx.seat, device.id)));
    let (dot, words) = state(&device);
    let phones =
        device.network.bindings.iter().map(|binding| view! { <span class="sub n phone">" " {phone(binding)}</span> }).collect_view();
    view! {
        <tr>
            <td>
                <a href=href>{device.name}</a>
                {(!device.enabled).then(|| view! { <span class="sub">" disabled"</span> })}
            </td>
            <td><code>{if device.method_ip { "by IP".into() } else { device.username }}</code></td>
            <td class="n">{shown_mac(&device.mac)}</td>
            <td>
                <Pill dot=Signal::stored(dot)>{words}</Pill>
                {phones}
            </td>
        </tr>
    }
    .into_any()
}

/// Dot and words of a device on the network.
fn state(device: &DeviceRow) -> (&'static str, &'static str) {
    let bindings = &device.network.bindings;
    if bindings.iter().any(|binding| binding.reachable) {
        ("on", "Registered")
    } else if !bindings.is_empty() {
        ("some", "Registered, not reachable")
    } else if device.method_ip {
        ("off", "Does not register")
    } else {
        ("off", "Not registered")
    }
}
