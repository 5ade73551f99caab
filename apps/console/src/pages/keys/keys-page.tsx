import { getRouteApi } from '@tanstack/react-router'
import { t } from '../../texts/index.ts'
import { Page } from '../../ui/page.tsx'
import { ApiKeys } from './api-keys.tsx'
import { SigningKeys } from './signing-keys.tsx'
import { Webhooks } from './webhooks.tsx'

const route = getRouteApi('/apps/$app/keys')

export function KeysPage() {
  const { app } = route.useParams()
  return (
    <Page title={t.keys.title} description={t.keys.description}>
      <SigningKeys app={app} />
      <ApiKeys app={app} />
      <Webhooks app={app} />
    </Page>
  )
}
