import type { MetadataField } from '@tokenkeep/protocol'
import type { ManagedApp, SettingsChange } from '../../api/apps.ts'
import { t } from '../../texts/index.ts'

const texts = t.apps

/** The settings of an app as its form edits them: lists are texts, and choices of two are switches. */
export const valuesOf = (app: ManagedApp) => ({
  name: app.name,
  auth_origin: app.auth_origin,
  additional_auth_origins: app.additional_auth_origins.join('\n'),
  redirect_url: app.redirect_url,
  public_signup: app.public_signup,
  user_lookup: app.user_lookup,
  user_verification: app.user_verification === 'required',
  passkeys: app.passkeys === 'device-bound',
  passkey_changes: app.passkey_changes === 'recent-sign-in',
  storage: app.storage === 'cookie',
  binding: app.binding,
  user_metadata_schema: writeFields(app.user_metadata_schema),
})
export type Values = ReturnType<typeof valuesOf>

export const writeFields = (fields: readonly MetadataField[]): string =>
  JSON.stringify(fields.map(({ field_name, friendly_name, type }) => ({ field_name, friendly_name, type })))
export const readFields = (text: string): MetadataField[] => JSON.parse(text) as MetadataField[]

/** The change that the API takes. */
export const bodyOf = ({
  additional_auth_origins: lines,
  user_verification,
  passkeys,
  passkey_changes,
  storage,
  user_metadata_schema: fields,
  ...rest
}: Partial<Values>): SettingsChange => ({
  ...rest,
  ...(user_verification !== undefined && { user_verification: user_verification ? 'required' : 'preferred' }),
  ...(passkeys !== undefined && { passkeys: passkeys ? 'device-bound' : 'any' }),
  ...(passkey_changes !== undefined && { passkey_changes: passkey_changes ? 'recent-sign-in' : 'any-time' }),
  ...(storage !== undefined && { storage: storage ? 'cookie' : 'any' }),
  ...(fields !== undefined && { user_metadata_schema: readFields(fields) }),
  ...(lines !== undefined && {
    additional_auth_origins: lines
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  }),
})

/** The text for a value, where two versions are compared. */
export function formatValue(value: Values[keyof Values], field: keyof Values): string {
  if (typeof value === 'boolean') return value ? texts.on : texts.off
  if (field === 'user_lookup') return texts.lookups[value as Values['user_lookup']]
  if (field === 'binding') return texts.bindings[value as Values['binding']]
  if (field === 'user_metadata_schema')
    return (
      readFields(value)
        .map(
          ({ field_name, friendly_name, type }) =>
            `${friendly_name} (${field_name}, ${texts.metadata.types[type]})`,
        )
        .join(', ') || '–'
    )
  return value.replaceAll('\n', ', ') || '–'
}
