-- The Ed25519 key of the kiosk that was given a token, 32 bytes: the token is good only together with a
-- signature under it. Null for a kiosk that does not sign its batches.
alter table kiosk_token add column signing_key blob;

-- When something last came under a kiosk's token that it had not signed so.
alter table kiosk add column wrong_signature_at integer;
