import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { appQuery, type ManagedApp } from '../../api/apps.ts'
import { UnsavedGuard } from '../../editing/unsaved-guard.tsx'
import { useDraft } from '../../editing/use-draft.ts'
import { t } from '../../texts/index.ts'
import { Page } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Loaded } from '../../ui/query-result.tsx'
import { Switch } from '../../ui/switch.tsx'
import { faultsOf, isSound, settingsOf } from './checks.ts'
import { Effects } from './save-effects.tsx'
import { Everyone } from './sign-out-everyone.tsx'
import { Meaning } from './settings-summary.tsx'
import { Presets } from './presets.tsx'
import { SaveBar } from './save-bar.tsx'
import { Timeline } from './timeline.tsx'
import { Timeouts } from './timeouts.tsx'

const route = getRouteApi('/apps/$app/authentication/sessions')
const words = t.sessionManagement

export function SessionManagementPage() {
  const { app } = route.useParams()
  const query = useQuery(appQuery(app))
  return (
    <Page title={words.title} description={words.description(query.data?.name ?? app)}>
      <Loaded query={query} lines={9}>
        {(found) => <Form key={found.id} app={found} />}
      </Loaded>
    </Page>
  )
}

function Form({ app }: { readonly app: ManagedApp }) {
  const draft = useDraft(app, settingsOf)
  const { values: settings } = draft
  const faults = faultsOf(settings)
  const sound = isSound(faults)
  return (
    <>
      <Panel>
        <Switch
          label={words.refresh.label}
          description={words.refresh.description}
          checked={settings.refresh_enabled}
          onChange={(refresh_enabled) => draft.set({ refresh_enabled })}
        />
      </Panel>
      <Panel title={words.timeouts.title} description={words.presets.description}>
        <Presets settings={settings} onChoose={draft.fill} />
        <Timeouts key={draft.round} settings={settings} faults={faults} onChange={draft.set} />
      </Panel>
      {sound && (
        <>
          <Panel title={words.timeline.title} description={words.timeline.description}>
            <Timeline settings={settings} />
          </Panel>
          <Panel title={words.meaning.title}>
            <Meaning settings={settings} />
          </Panel>
        </>
      )}
      {draft.dirty && sound && <Effects app={app.id} before={draft.before} after={settings} />}
      <Everyone app={app} />
      <UnsavedGuard dirty={draft.dirty} />
      {draft.dirty && <SaveBar app={app} draft={draft} sound={sound} />}
    </>
  )
}
