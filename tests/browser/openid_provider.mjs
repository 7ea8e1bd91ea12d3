// panva's certified oidc-provider, with the people that the test names by their logins: node openid_provider.mjs ISSUER PORT BACK
import Provider from 'oidc-provider';

const [issuer, port, back, afterwards, signOut] = process.argv.slice(2);
const groups = { jane: ['security'], adele: ['admins'], nobody: [] };

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'promptguard',
    client_secret: 'of-the-test',
    redirect_uris: [back],
    post_logout_redirect_uris: [afterwards],
    backchannel_logout_uri: signOut,
    backchannel_logout_session_required: true,
  }, {
    client_id: 'promptguard-devices',
    token_endpoint_auth_method: 'none',
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
    response_types: [],
    redirect_uris: [],
  }],
  claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true }, backchannelLogout: { enabled: true }, deviceFlow: { enabled: true } },
  fetch: (url, { dispatcher, ...options }) => fetch(url, options), // its own refuses loopback, where the console is
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, preferred_username: id, groups: groups[id] ?? [] }),
  }),
});
provider.listen(Number(port), '127.0.0.1', () => console.log('listening'));
