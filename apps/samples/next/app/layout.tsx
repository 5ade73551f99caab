import '@tokenkeep/sample/page.css'
import icon from '@tokenkeep/sample/icon.svg'
import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'

export const metadata: Metadata = {
  title: 'Tokenkeep · Next.js',
  description: 'Shows live what Tokenkeep does for one session of a server-rendered page.',
  icons: { icon: (icon as { src: string }).src },
}
export const viewport: Viewport = { colorScheme: 'light dark' }

export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
