import { useParams } from '@tanstack/react-router'
import { t } from '../../texts/index.ts'
import { Page } from '../../ui/page.tsx'
import { ApiKeys } from './api-keys.tsx'
import { SigningKeys } from './signing-keys.tsx'

export function KeysPage() {
  const { app } = useParams({ from: '/apps/$app/keys' })
  return (
    <Page title={t.keys.title} description={t.keys.description}>
      <SigningKeys app={app} />
      <ApiKeys app={app} />
    </Page>
  )
}
