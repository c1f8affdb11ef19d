-- The Ed25519 key of the kiosk that was given a token, 32 bytes: a batch under that token is taken only with a
-- signature under this key. Null for a kiosk that does not sign its batches.
alter table kiosk_token add column signing_key blob;
-- Set by the first use of the code, as code_receipt_key: what was once signed is not repeated without.
alter table kiosk add column code_signing_key blob;

-- When something last came under a kiosk's token that it had not signed so.
alter table kiosk add column wrong_signature_at integer;
