import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { settingsChange } from '@tokenkeep/protocol'
import { useState, type FormEvent } from 'react'
import { appQuery, changeSettings, type ManagedApp } from '../../api/apps.ts'
import { isApiError } from '../../api/client.ts'
import { explain } from '../../api/explain.ts'
import { useChange } from '../../api/use-change.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { DialogActions } from '../../ui/dialog.tsx'
import { Field, inputClass, TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Loaded } from '../../ui/states.tsx'
import styles from './apps.module.css'
import { Connect } from './connect.tsx'

const words = t.apps

export function AppSettingsPage() {
  const { app } = useParams({ from: '/apps/$app/settings' })
  const query = useQuery(appQuery(app))
  return (
    <Page title={words.settings.title} description={words.settings.description(query.data?.name ?? app)}>
      <Loaded query={query} lines={8}>
        {(found) => (
          <>
            <Form key={`${found.id} ${found.version}`} app={found} />
            <Connect app={found} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Form({ app }: { readonly app: ManagedApp }) {
  const [value, setValue] = useState({
    name: app.name,
    auth_origin: app.auth_origin,
    redirect_url: app.redirect_url,
    additional: app.additional_auth_origins.join('\n'),
  })
  const { additional, ...rest } = value
  const change = {
    ...rest,
    additional_auth_origins: additional
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  }
  const faults = new Map(
    (settingsChange.safeParse(change).error?.issues ?? []).map(({ path, message }) => [path[0], message]),
  )
  const save = useChange({
    run: () => changeSettings(app.id, app.version, change),
    done: words.settings.saved,
    quiet: true,
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (faults.size === 0) save.mutate(undefined)
  }
  const text = (field: 'name' | 'auth_origin' | 'redirect_url', hint?: string) => (
    <TextField
      label={words.fields[field]}
      hint={hint}
      error={faults.get(field)}
      value={value[field]}
      onChange={(next) => setValue({ ...value, [field]: next })}
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
              value={additional}
              onChange={(event) => setValue({ ...value, additional: event.target.value })}
            />
          )}
        </Field>
        {text('redirect_url', words.fields.redirect_urlHint)}
        {save.error && (
          <Notice tone="bad">
            {isApiError(save.error, 'conflict') ? words.settings.conflict : explain(save.error)}
          </Notice>
        )}
        <DialogActions>
          <Button look="primary" type="submit" disabled={save.isPending || faults.size > 0}>
            {t.actions.save}
          </Button>
        </DialogActions>
      </form>
    </Panel>
  )
}
