// A page that cannot set cookies.
export default defineNitroPlugin(({ hooks }) => {
  hooks.hook('beforeResponse', ({ path, node }) => {
    if (path === '/component') node.res.removeHeader('set-cookie')
  })
})
