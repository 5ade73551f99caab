import { Link, type LinkProps } from '@tanstack/react-router'
import { Activity, KeyRound, LayoutGrid, Settings2, Timer, Users } from 'lucide-react'
import type { ReactNode } from 'react'
import { consoleApp } from '../session.ts'
import { t } from '../texts/index.ts'
import { AppSwitcher } from './app-switcher.tsx'
import styles from './navigation.module.css'

interface NavigationProps {
  /** The app whose pages are open. */
  readonly app: string | undefined
}

export function Navigation({ app }: NavigationProps) {
  return (
    <nav className={styles['nav']} aria-label={t.nav.label}>
      {app !== undefined && (
        <>
          <AppSwitcher app={app} />
          <Group title={t.nav.authentication}>
            <Place to="/apps/$app/authentication/sessions" params={{ app }} icon={<Timer />}>
              {t.nav.sessions}
            </Place>
            <Place to="/apps/$app/users" params={{ app }} icon={<Users />}>
              {app === consoleApp ? t.nav.admins : t.nav.users}
            </Place>
            <Place to="/apps/$app/activity" params={{ app }} icon={<Activity />}>
              {t.nav.activity}
            </Place>
            <Place to="/apps/$app/keys" params={{ app }} icon={<KeyRound />}>
              {t.nav.keys}
            </Place>
            <Place to="/apps/$app/settings" params={{ app }} icon={<Settings2 />}>
              {t.nav.settings}
            </Place>
          </Group>
        </>
      )}
      <Group title={t.nav.instance}>
        <Place to="/apps" icon={<LayoutGrid />} exact>
          {t.nav.apps}
        </Place>
        <Place to="/apps/$app/users" params={{ app: consoleApp }} icon={<Users />}>
          {t.nav.admins}
        </Place>
      </Group>
    </nav>
  )
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <h2 className={styles['title']}>{title}</h2>
      <div className={styles['group']}>{children}</div>
    </div>
  )
}

interface PlaceProps {
  readonly to: NonNullable<LinkProps['to']>
  readonly params?: { readonly app: string }
  readonly icon: ReactNode
  readonly exact?: boolean
  readonly children: ReactNode
}
function Place({ to, params, icon, exact = false, children }: PlaceProps) {
  return (
    <Link
      to={to}
      {...(params && { params })}
      className={styles['place']!}
      activeOptions={{ exact, includeSearch: false }}
    >
      {icon}
      {children}
    </Link>
  )
}
