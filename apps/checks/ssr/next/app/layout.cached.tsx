import { Suspense, type ReactNode } from 'react'

// With Cache Components, a part that reads the request must be inside `<Suspense>`.
export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <Suspense fallback={<p>One moment…</p>}>{children}</Suspense>
      </body>
    </html>
  )
}
