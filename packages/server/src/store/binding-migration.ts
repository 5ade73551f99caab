/** The key that a session is bound to, as its thumbprint. No earlier session is bound. */
export const binding = (): string => `
  ALTER TABLE apps ADD COLUMN binding TEXT NOT NULL DEFAULT 'off' CHECK (binding IN ('off', 'preferred', 'required'));
  ALTER TABLE sessions ADD COLUMN jkt TEXT;
`
