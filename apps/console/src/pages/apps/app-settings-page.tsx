import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { appModes, settingsChange } from '@tokenkeep/protocol'
import type { FormEvent } from 'react'
import { appQuery, type ManagedApp } from '../../api/apps.ts'
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
import { bodyOf, formatValue, readFields, valuesOf, writeFields, type Values } from './app-settings.ts'
import styles from './apps.module.css'
import { Connect } from './connect.tsx'
import { MetadataFields } from './metadata-fields.tsx'

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

const lookups = appModes.shape.user_lookup
  .unwrap()
  .options.map((value) => ({ value, label: texts.lookups[value] }))
const bindings = appModes.shape.binding
  .unwrap()
  .options.map((value) => ({ value, label: texts.bindings[value] }))
const switches = ['public_signup', 'user_verification', 'passkeys', 'passkey_changes', 'storage'] as const
/** The server keeps the rest of the Console's own app as it must be. */
const ownSwitches = ['user_verification', 'passkeys'] as const

function Form({ app }: { readonly app: ManagedApp }) {
  const draft = useDraft(app, valuesOf)
  const { values, set, dirty } = draft
  const { issues = [] } = settingsChange.safeParse(bodyOf(values)).error ?? {}
  const errorAt = (...path: readonly PropertyKey[]): string | undefined =>
    issues.find((issue) => path.every((part, i) => issue.path[i] === part))?.message
  const { save, pending, conflict } = useSave({
    app,
    draft,
    body: bodyOf(draft.change),
    successMessage: texts.settings.saved,
  })
  const canSave = dirty && issues.length === 0
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (canSave && !pending) save()
  }
  const text = (field: 'name' | 'auth_origin' | 'redirect_url', hint?: string) => (
    <TextField
      label={texts.fields[field]}
      hint={hint}
      error={errorAt(field)}
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
              error={errorAt('additional_auth_origins')}
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
          <>
            <Field label={texts.fields.user_lookup} hint={texts.hints.user_lookup}>
              {(control) => (
                <Select
                  control={control}
                  label={texts.fields.user_lookup}
                  choices={lookups}
                  value={values.user_lookup}
                  onChange={(next) => set({ user_lookup: next })}
                />
              )}
            </Field>
            <Field label={texts.fields.binding} hint={texts.hints.binding}>
              {(control) => (
                <Select
                  control={control}
                  label={texts.fields.binding}
                  choices={bindings}
                  value={values.binding}
                  onChange={(next) => set({ binding: next })}
                />
              )}
            </Field>
            <MetadataFields
              fields={readFields(values.user_metadata_schema)}
              errorOf={(index, name) => errorAt('user_metadata_schema', index, name)}
              onChange={(fields) => set({ user_metadata_schema: writeFields(fields) })}
            />
          </>
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
        <ConflictDialog
          {...conflict}
          labelOf={(field: keyof Values) => texts.fields[field]}
          formatValue={formatValue}
        />
      )}
    </Panel>
  )
}
