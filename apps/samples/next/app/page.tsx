import { Who } from './who'

// A server component. It does not need a session.
export default function Page() {
  return (
    <main>
      <h1>Orders</h1>
      <Who />
    </main>
  )
}
