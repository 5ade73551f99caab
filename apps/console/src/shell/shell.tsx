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

/** Shows the frame of every page: navigation, account menu and content. */
export function Shell() {
  const { app } = useParams({ strict: false })
  const path = useRouterState({ select: ({ location }) => location.pathname })
  // The drawer is open for one path only, so that navigation closes it.
  const [drawerPath, setDrawerPath] = useState<string>()
  return (
    <div className={styles['shell']}>
      <a href="#content" className={styles['skip']}>
        {t.skip}
      </a>
      <div className={styles['bar']}>
        <Dialog.Root
          open={drawerPath === path}
          onOpenChange={(open) => setDrawerPath(open ? path : undefined)}
        >
          <Dialog.Trigger render={<Button variant="quiet" />} aria-label={t.menu}>
            <MenuIcon aria-hidden />
          </Dialog.Trigger>
          <Dialog.Portal>
            <Dialog.Backdrop className={styles['backdrop']} />
            <Dialog.Popup className={styles['drawer']}>
              <Dialog.Title className="visually-hidden">{t.menu}</Dialog.Title>
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
