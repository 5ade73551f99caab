// A page without a session, which shared caches keep. The proxy runs for it too.
export const revalidate = 60

export default function Page() {
  return <main>The same for everyone</main>
}
