// A cached route must not see who asks.
export default defineEventHandler((event) => {
  try {
    return `a session: ${event.context.session.state().status}`
  } catch (error) {
    return (error as Error).name
  }
})
