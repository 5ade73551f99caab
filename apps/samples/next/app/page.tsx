import { Who } from './who'

// A server component: it knows of no session, and needs none.
export default function Page() {
  return (
    <main>
      <h1>Orders</h1>
      <Who />
    </main>
  )
}
