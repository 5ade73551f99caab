import { Dialog } from '@base-ui/react/dialog'
import { Outlet, useParams, useRouterState } from '@tanstack/react-router'
import { Menu as MenuIcon } from 'lucide-react'
import { useState } from 'react'
import { t } from '../texts/index.ts'
import { Button } from '../ui/button.tsx'
import { AccountMenu } from './account-menu.tsx'
import { Navigation } from './navigation.tsx'
import styles from './shell.module.css'
import { Wordmark } from './wordmark.tsx'

/** Around every page: where one can go, and who one is. */
export function Shell() {
  const { app } = useParams({ strict: false })
  const path = useRouterState({ select: ({ location }) => location.pathname })
  // Open on one page: whoever goes on to another has chosen.
  const [openAt, setOpenAt] = useState<string>()
  return (
    <div className={styles['shell']}>
      <a href="#content" className={styles['skip']}>
        {t.skip}
      </a>
      <div className={styles['bar']}>
        <Dialog.Root open={openAt === path} onOpenChange={(open) => setOpenAt(open ? path : undefined)}>
          <Dialog.Trigger render={<Button look="quiet" />} aria-label={t.menu}>
            <MenuIcon aria-hidden />
          </Dialog.Trigger>
          <Dialog.Portal>
            <Dialog.Backdrop className={styles['backdrop']} />
            <Dialog.Popup className={styles['drawer']}>
              <Dialog.Title className="unseen">{t.menu}</Dialog.Title>
              <Navigation app={app} />
            </Dialog.Popup>
          </Dialog.Portal>
        </Dialog.Root>
        <Wordmark />
        <AccountMenu compact />
      </div>
      <aside className={styles['side']}>
        <div>
          <Wordmark />
          <Navigation app={app} />
          <AccountMenu />
        </div>
      </aside>
      <main id="content" className={styles['main']} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  )
}
