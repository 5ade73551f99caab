// A page without a session, which shared caches keep.
export const revalidate = 60

export default function Page() {
  return <main>The same for everyone</main>
}
