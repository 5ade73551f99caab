import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { appModes, settingsChange } from '@tokenkeep/protocol'
import type { FormEvent } from 'react'
import { appQuery, type ManagedApp, type SettingsChange } from '../../api/apps.ts'
import { ConflictDialog } from '../../editing/conflict-dialog.tsx'
import { UnsavedGuard } from '../../editing/unsaved-guard.tsx'
import { useDraft } from '../../editing/use-draft.ts'
import { useSave } from '../../editing/use-save.ts'
import { consoleApp } from '../../session.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { DialogActions } from '../../ui/dialog.tsx'
import { Field, inputClass, TextField } from '../../ui/field.tsx'
import { Page } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { QueryResult } from '../../ui/query-result.tsx'
import { Select } from '../../ui/select.tsx'
import { Switch } from '../../ui/switch.tsx'
import styles from './apps.module.css'
import { Connect } from './connect.tsx'

const route = getRouteApi('/apps/$app/settings')
const texts = t.apps

export function AppSettingsPage() {
  const { app } = route.useParams()
  const query = useQuery(appQuery(app))
  return (
    <Page title={texts.settings.title} description={texts.settings.description(query.data?.name ?? app)}>
      <QueryResult query={query} lines={8}>
        {(found) => (
          <>
            <Form key={found.id} app={found} />
            <Connect app={found} />
          </>
        )}
      </QueryResult>
    </Page>
  )
}

const valuesOf = (app: ManagedApp) => ({
  name: app.name,
  auth_origin: app.auth_origin,
  additional_auth_origins: app.additional_auth_origins.join('\n'),
  redirect_url: app.redirect_url,
  public_signup: app.public_signup,
  user_verification: app.user_verification === 'required',
  passkeys: app.passkeys === 'device-bound',
  storage: app.storage === 'cookie',
  binding: app.binding,
})
type Values = ReturnType<typeof valuesOf>

const bodyOf = ({
  additional_auth_origins: lines,
  user_verification,
  passkeys,
  storage,
  ...rest
}: Partial<Values>): SettingsChange => ({
  ...rest,
  ...(user_verification !== undefined && { user_verification: user_verification ? 'required' : 'preferred' }),
  ...(passkeys !== undefined && { passkeys: passkeys ? 'device-bound' : 'any' }),
  ...(storage !== undefined && { storage: storage ? 'cookie' : 'any' }),
  ...(lines !== undefined && {
    additional_auth_origins: lines
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  }),
})

const switches = ['public_signup', 'user_verification', 'passkeys', 'storage'] as const
/** The server keeps the rest of the Console's own app as it must be. */
const ownSwitches = ['user_verification', 'passkeys'] as const

const bindings = appModes.shape.binding
  .unwrap()
  .options.map((value) => ({ value, label: texts.bindings[value] }))

const formatValue = (value: string | boolean): string => {
  if (typeof value === 'boolean') return value ? texts.on : texts.off
  return value.replaceAll('\n', ', ') || '–'
}

function Form({ app }: { readonly app: ManagedApp }) {
  const draft = useDraft(app, valuesOf)
  const { values, set, dirty } = draft
  const errors = new Map(
    (settingsChange.safeParse(bodyOf(values)).error?.issues ?? []).map(({ path, message }) => [
      path[0],
      message,
    ]),
  )
  const { save, pending, conflict } = useSave({
    app,
    draft,
    body: bodyOf(draft.change),
    successMessage: texts.settings.saved,
  })
  const canSave = dirty && errors.size === 0
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (canSave && !pending) save()
  }
  const text = (field: 'name' | 'auth_origin' | 'redirect_url', hint?: string) => (
    <TextField
      label={texts.fields[field]}
      hint={hint}
      error={errors.get(field)}
      value={values[field]}
      onChange={(next) => set({ [field]: next })}
      autoComplete="off"
    />
  )
  const isConsole = app.id === consoleApp
  return (
    <Panel title={texts.settings.general} description={isConsole ? texts.settings.ownProfile : undefined}>
      <form className={styles['form']} onSubmit={submit} noValidate>
        {!isConsole && (
          <>
            {text('name')}
            {text('auth_origin', texts.fields.auth_originHint)}
            <Field
              label={texts.fields.additional_auth_origins}
              hint={texts.fields.additional_auth_originsHint}
              error={errors.get('additional_auth_origins')}
            >
              {(control) => (
                <textarea
                  {...control}
                  className={inputClass}
                  rows={3}
                  value={values.additional_auth_origins}
                  onChange={(event) => set({ additional_auth_origins: event.target.value })}
                />
              )}
            </Field>
            {text('redirect_url', texts.fields.redirect_urlHint)}
          </>
        )}
        {(isConsole ? ownSwitches : switches).map((field) => (
          <Switch
            key={field}
            label={texts.fields[field]}
            description={texts.hints[field]}
            checked={values[field]}
            onChange={(checked) => set({ [field]: checked })}
          />
        ))}
        {!isConsole && (
          <Field label={texts.fields.binding} hint={texts.hints.binding}>
            {() => (
              <Select
                label={texts.fields.binding}
                choices={bindings}
                value={values.binding}
                onChange={(binding) => set({ binding })}
              />
            )}
          </Field>
        )}
        <DialogActions>
          {dirty && (
            <Button variant="quiet" onClick={draft.discard}>
              {t.actions.discard}
            </Button>
          )}
          <Button variant="primary" type="submit" disabled={!canSave || pending} focusableWhenDisabled>
            {t.actions.save}
          </Button>
        </DialogActions>
      </form>
      <UnsavedGuard dirty={dirty} />
      {conflict && (
        <ConflictDialog {...conflict} labelOf={(field) => texts.fields[field]} formatValue={formatValue} />
      )}
    </Panel>
  )
}
