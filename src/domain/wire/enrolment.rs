//! `POST /api/v1/kiosk/enrolments`: a kiosk joins a server.

use serde::{Deserialize, Serialize};

use super::{Bytes, Secret};
use crate::id::KioskNumber;
use crate::policy::SlaPolicy;
use crate::seal::PublicKey;

/// What a kiosk sends with its one-time code.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EnrolmentRequest {
    /// The code that `galleria-server kiosk add` printed, with or without its dashes.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "ABCD-EFGH-JKMN-PQRS"))]
    pub code: Secret,
    /// The key that marks the kiosk's tracking tokens: 32 bytes.
    #[cfg_attr(feature = "schema", schema(value_type = String, pattern = "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$"))]
    pub receipt_key: Bytes,
    /// The Ed25519 key under which the kiosk signs this and its batches: 32 bytes.
    #[cfg_attr(feature = "schema", schema(value_type = String, pattern = "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$"))]
    pub signing_key: Bytes,
    /// Private halves of keys to which the kiosk sealed before it knew a server, in base64. The kiosk
    /// forgets them as soon as the server has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schema(schema_with = keys))]
    pub provisional_keys: Vec<Secret>,
    /// Version of the kiosk's program.
    pub software: String,
}

/// The identity a kiosk gets.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Enrolment {
    /// Its number.
    #[cfg_attr(feature = "schema", schema(value_type = String, pattern = "^K[0-9]{1,5}$", example = "K3"))]
    pub kiosk: KioskNumber,
    /// The name that staff gave it.
    pub name: String,
    /// The bearer token, sent as `Authorization: Bearer …`.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub token: Secret,
    /// The server's public key, to which the kiosk seals from now on.
    #[cfg_attr(feature = "schema", schema(value_type = String, format = Byte))]
    pub sealing_key: PublicKey,
    /// The URL by which people reach the server, to print on receipts: scheme, host and perhaps a port, without a
    /// slash at the end.
    #[cfg_attr(feature = "schema", schema(example = "https://mall.example"))]
    pub public_url: String,
    /// The promises to print on receipts.
    #[serde(default)]
    pub policy: SlaPolicy,
    /// The minisign key that content is signed with, once the operator has named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_key: Option<String>,
}

/// The schema of the provisional keys: 32 bytes in base64 each, at most as many as a kiosk makes before
/// enrolment.
#[cfg(feature = "schema")]
fn keys() -> utoipa::openapi::schema::Array {
    use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
    let key = ObjectBuilder::new().schema_type(Type::String);
    let key = key.pattern(Some("^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$"));
    ArrayBuilder::new().items(key).max_items(Some(16)).build()
}
