//! Secrets encrypted by a key that the browser does not let out (AES-256-GCM). What a copy of the browser's files holds can't be
//! read without it; who can run scripts in this page can.

use super::{
    database::{self, KEYS, Trouble},
    desk,
};
use domain::{OperatorId, Secret};
use js_sys::{Array, Object, Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

fn subtle() -> Result<SubtleCrypto, Trouble> {
    Ok(window().crypto()?.subtle())
}

fn algorithm(members: &[(&str, JsValue)]) -> Result<Object, Trouble> {
    let object = Object::new();
    Reflect::set(&object, &"name".into(), &"AES-GCM".into())?;
    for (name, value) in members {
        Reflect::set(&object, &(*name).into(), value)?;
    }
    Ok(object)
}

/// `place`: where the secrets stand. Moved elsewhere they can't be opened.
fn with_nonce(nonce: &Uint8Array, place: &str) -> Result<Object, Trouble> {
    algorithm(&[("iv", nonce.into()), ("additionalData", Uint8Array::from(place.as_bytes()).into())])
}

async fn key(operator: OperatorId, make: bool) -> Result<CryptoKey, Trouble> {
    let name = operator.to_string();
    let kept = database::get(KEYS, &name).await?;
    if make && desk::operator() != Some(operator) {
        // Signed out meanwhile: nothing new is kept.
        return Err(JsValue::UNDEFINED);
    }
    if !kept.is_undefined() || !make {
        return kept.dyn_into();
    }
    let usages = Array::of2(&"encrypt".into(), &"decrypt".into());
    let made = subtle()?.generate_key_with_object(&algorithm(&[("length", 256.into())])?, false, &usages)?;
    let made = JsFuture::from(made).await?;
    database::put(KEYS, &name, &made).await?;
    Ok(made.unchecked_into())
}

/// Nonce and ciphertext.
pub async fn seal(operator: OperatorId, place: &str, secret: &Secret) -> Result<(JsValue, JsValue), Trouble> {
    let key = key(operator, true).await?;
    let mut nonce = [0; 12];
    crate::ui::random(&mut nonce);
    let nonce = Uint8Array::from(&nonce[..]);
    let sealed = subtle()?.encrypt_with_object_and_u8_array(&with_nonce(&nonce, place)?, &key, secret.expose().as_bytes())?;
    Ok((nonce.into(), JsFuture::from(sealed).await?))
}

/// None: the key is gone, or it is not what was sealed for this place.
pub async fn unseal(operator: OperatorId, place: &str, nonce: &JsValue, sealed: &JsValue) -> Option<Secret> {
    let opened = async {
        let key = key(operator, false).await?;
        let algorithm = with_nonce(nonce.unchecked_ref(), place)?;
        let opened = subtle()?.decrypt_with_object_and_buffer_source(&algorithm, &key, sealed.unchecked_ref())?;
        JsFuture::from(opened).await
    };
    let bytes = Uint8Array::new(&opened.await.ok()?).to_vec();
    String::from_utf8(bytes).ok().map(Secret::new)
}
