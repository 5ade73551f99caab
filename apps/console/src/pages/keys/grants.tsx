import { scope, type Scope } from '@tokenkeep/protocol'
import { t } from '../../texts/index.ts'
import { TextField } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import styles from './keys.module.css'

const texts = t.keys.api

/** What a new key may do, for how long and from where. `addresses` is the text of the field. */
export interface Grants {
  readonly scopes: readonly Scope[]
  readonly lifetime: keyof typeof texts.lifetimes
  readonly addresses: string
}
export const allGrants: Grants = { scopes: scope.options, lifetime: '31536000', addresses: '' }

interface GrantsFieldsProps {
  readonly grants: Grants
  readonly onChange: (grants: Grants) => void
}

/** The fields that narrow a new API key. */
export function GrantsFields({ grants, onChange }: GrantsFieldsProps) {
  const { scopes, lifetime, addresses } = grants
  const toggle = (each: Scope, checked: boolean): void => {
    const chosen = scope.options.filter((one) => (one === each ? checked : scopes.includes(one)))
    onChange({ ...grants, scopes: chosen })
  }
  return (
    <>
      <fieldset className={styles['scopes']}>
        <legend>{texts.scopes}</legend>
        {scope.options.map((each) => (
          <label key={each}>
            <input
              type="checkbox"
              checked={scopes.includes(each)}
              onChange={(event) => toggle(each, event.target.checked)}
            />
            {texts.scopeNames[each]}
          </label>
        ))}
      </fieldset>
      <div className={styles['choice']}>
        <span>{texts.lifetime}</span>
        <Select
          label={texts.lifetime}
          choices={Object.entries(texts.lifetimes).map(([value, label]) => ({
            value: value as Grants['lifetime'],
            label,
          }))}
          value={lifetime}
          onChange={(next) => onChange({ ...grants, lifetime: next })}
        />
      </div>
      <TextField
        label={texts.addresses}
        hint={texts.addressesHint}
        value={addresses}
        onChange={(next) => onChange({ ...grants, addresses: next })}
        autoComplete="off"
      />
    </>
  )
}
