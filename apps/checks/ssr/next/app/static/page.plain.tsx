import { auth } from '../../sessions.ts'

// Rendered once, by the build, for everybody.
export const dynamic = 'force-static'

export default async function Page() {
  return (
    <main>
      {await auth().then(
        () => 'a session',
        ({ name }: Error) => name,
      )}
    </main>
  )
}
