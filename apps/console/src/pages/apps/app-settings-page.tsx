import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { settingsChange } from '@tokenkeep/protocol'
import type { FormEvent } from 'react'
import { appQuery, type ManagedApp, type SettingsChange } from '../../api/apps.ts'
import { Conflict } from '../../editing/conflict-dialog.tsx'
import { UnsavedGuard } from '../../editing/unsaved-guard.tsx'
import { useDraft } from '../../editing/use-draft.ts'
import { useSave } from '../../editing/use-save.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { DialogActions } from '../../ui/dialog.tsx'
import { Field, inputClass, TextField } from '../../ui/field.tsx'
import { Page } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Loaded } from '../../ui/query-result.tsx'
import styles from './apps.module.css'
import { Connect } from './connect.tsx'

const route = getRouteApi('/apps/$app/settings')
const words = t.apps

export function AppSettingsPage() {
  const { app } = route.useParams()
  const query = useQuery(appQuery(app))
  return (
    <Page title={words.settings.title} description={words.settings.description(query.data?.name ?? app)}>
      <Loaded query={query} lines={8}>
        {(found) => (
          <>
            <Form key={found.id} app={found} />
            <Connect app={found} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

const valuesOf = (app: ManagedApp) => ({
  name: app.name,
  auth_origin: app.auth_origin,
  additional: app.additional_auth_origins.join('\n'),
  redirect_url: app.redirect_url,
})
type Values = ReturnType<typeof valuesOf>

const bodyOf = ({ additional, ...rest }: Partial<Values>): SettingsChange => ({
  ...rest,
  ...(additional !== undefined && {
    additional_auth_origins: additional
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  }),
})

function Form({ app }: { readonly app: ManagedApp }) {
  const draft = useDraft(app, valuesOf)
  const { values, set, dirty } = draft
  const faults = new Map(
    (settingsChange.safeParse(bodyOf(values)).error?.issues ?? []).map(({ path, message }) => [
      path[0],
      message,
    ]),
  )
  const { save, pending, conflict } = useSave({
    app,
    draft,
    body: bodyOf(draft.change),
    done: words.settings.saved,
  })
  const sound = dirty && faults.size === 0
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (sound && !pending) save()
  }
  const text = (field: 'name' | 'auth_origin' | 'redirect_url', hint?: string) => (
    <TextField
      label={words.fields[field]}
      hint={hint}
      error={faults.get(field)}
      value={values[field]}
      onChange={(next) => set({ [field]: next })}
      autoComplete="off"
    />
  )
  return (
    <Panel title={words.settings.general}>
      <form className={styles['form']} onSubmit={submit} noValidate>
        {text('name')}
        {text('auth_origin', words.fields.auth_originHint)}
        <Field
          label={words.fields.additional}
          hint={words.fields.additionalHint}
          error={faults.get('additional_auth_origins')}
        >
          {(control) => (
            <textarea
              {...control}
              className={inputClass}
              rows={3}
              value={values.additional}
              onChange={(event) => set({ additional: event.target.value })}
            />
          )}
        </Field>
        {text('redirect_url', words.fields.redirect_urlHint)}
        <DialogActions>
          {dirty && (
            <Button look="quiet" onClick={draft.discard}>
              {t.actions.discard}
            </Button>
          )}
          <Button look="primary" type="submit" disabled={!sound || pending} focusableWhenDisabled>
            {t.actions.save}
          </Button>
        </DialogActions>
      </form>
      <UnsavedGuard dirty={dirty} />
      {conflict && (
        <Conflict
          {...conflict}
          labelOf={(field) => words.fields[field]}
          told={(value) => value.replaceAll('\n', ', ') || '–'}
        />
      )}
    </Panel>
  )
}
