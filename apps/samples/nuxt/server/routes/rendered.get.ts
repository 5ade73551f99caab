import { askApi } from '@tokenkeep/sample/server'

// Each server route has the session of its request. This one calls the API with the session's token.
export default defineEventHandler((event) => {
  setResponseHeader(event, 'cache-control', 'private, no-store')
  return askApi(event.context.session)
})
