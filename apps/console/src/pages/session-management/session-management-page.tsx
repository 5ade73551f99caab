import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { appQuery, type ManagedApp } from '../../api/apps.ts'
import { UnsavedGuard } from '../../editing/unsaved-guard.tsx'
import { useDraft } from '../../editing/use-draft.ts'
import { t } from '../../texts/index.ts'
import { Page } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { QueryResult } from '../../ui/query-result.tsx'
import { Switch } from '../../ui/switch.tsx'
import { Notice } from '../../ui/notice.tsx'
import { isValid, settingsOf, validate, validPart } from './checks.ts'
import { SaveEffects } from './save-effects.tsx'
import { SignOutEveryone } from './sign-out-everyone.tsx'
import { SettingsSummary } from './settings-summary.tsx'
import { Presets } from './presets.tsx'
import { SaveBar } from './save-bar.tsx'
import { Timeline } from './timeline.tsx'
import { Timeouts } from './timeouts.tsx'

const route = getRouteApi('/apps/$app/authentication/sessions')
const texts = t.sessionManagement

export function SessionManagementPage() {
  const { app } = route.useParams()
  const query = useQuery(appQuery(app))
  return (
    <Page title={texts.title} description={texts.description(query.data?.name ?? app)}>
      <QueryResult query={query} lines={9}>
        {(found) => <Form key={found.id} app={found} />}
      </QueryResult>
    </Page>
  )
}

function Form({ app }: { readonly app: ManagedApp }) {
  const draft = useDraft(app, settingsOf)
  const { values: settings } = draft
  const errors = validate(settings)
  const valid = isValid(errors)
  const preview = validPart(settings, errors, draft.before)
  return (
    <>
      <Panel>
        <Switch
          label={texts.refresh.label}
          description={texts.refresh.description}
          checked={settings.refresh_enabled}
          onChange={(refresh_enabled) => draft.set({ refresh_enabled })}
        />
      </Panel>
      <Panel title={texts.timeouts.title} description={texts.presets.description}>
        <Presets settings={settings} onChoose={draft.fill} />
        <Timeouts key={draft.fieldsKey} settings={settings} errors={errors} onChange={draft.set} />
      </Panel>
      <Panel title={texts.timeline.title} description={texts.timeline.description}>
        {!valid && <Notice tone="neutral">{texts.faults.preview}</Notice>}
        <Timeline settings={preview} />
      </Panel>
      <Panel title={texts.summary.title}>
        <SettingsSummary settings={preview} />
      </Panel>
      {draft.dirty && valid && <SaveEffects app={app.id} before={draft.before} after={settings} />}
      <SignOutEveryone app={app} />
      <UnsavedGuard dirty={draft.dirty} />
      {draft.dirty && <SaveBar app={app} draft={draft} valid={valid} />}
    </>
  )
}
