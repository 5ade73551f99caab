import { Who } from './who'

// This server component needs no session.
export default function Page() {
  return (
    <main>
      <h1>Orders</h1>
      <Who />
    </main>
  )
}
