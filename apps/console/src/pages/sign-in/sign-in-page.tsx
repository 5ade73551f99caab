import '@tokenkeep/elements/define'
import type { SignedOutReason } from '@tokenkeep/react'
import { useEffect } from 'react'
import { consoleApp, invitation } from '../../session.ts'
import { Wordmark } from '../../shell/wordmark.tsx'
import { t } from '../../texts/index.ts'
import styles from './sign-in-page.module.css'

export function SignInPage({ reason }: { readonly reason: SignedOutReason }) {
  // An invitation is for a new admin. After a sign-out, the person signs in with the new passkey.
  const invited = invitation !== undefined && reason === 'none'
  const title = invited ? t.signIn.inviteTitle : t.signIn.title
  useEffect(() => {
    document.title = `${title} · ${t.product}`
  }, [title])
  return (
    <main className={styles['page']}>
      <div className={styles['card']}>
        <Wordmark />
        <h1>{title}</h1>
        <p className={styles['lead']}>
          {invited ? t.signIn.inviteLead : t.signIn.reasons[reason] || t.signIn.lead}
        </p>
        {invited ? (
          <tokenkeep-register app-id={consoleApp} storage="cookie" invitation={invitation} />
        ) : (
          <tokenkeep-login app-id={consoleApp} storage="cookie" />
        )}
      </div>
    </main>
  )
}
