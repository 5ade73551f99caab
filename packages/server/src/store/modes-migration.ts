/** What an app requires. The defaults are what every app did before. */
export const modes = (): string =>
  [
    `client_auth TEXT NOT NULL DEFAULT 'none' CHECK (client_auth IN ('none', 'secret', 'private_key_jwt'))`,
    `client_jwks TEXT NOT NULL DEFAULT '{"keys":[]}'`,
    `storage TEXT NOT NULL DEFAULT 'any' CHECK (storage IN ('any', 'cookie'))`,
    `user_verification TEXT NOT NULL DEFAULT 'preferred' CHECK (user_verification IN ('preferred', 'required'))`,
    `passkeys TEXT NOT NULL DEFAULT 'any' CHECK (passkeys IN ('any', 'device-bound'))`,
  ]
    .map((column) => `ALTER TABLE apps ADD COLUMN ${column};`)
    .join('\n')
