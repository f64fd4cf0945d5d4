// Owns the manifests of the form as it is now, with the password hashed.
// Must not send them.
import { useEffect, useMemo, useState } from 'react';
import type { CreateForm } from './form.ts';
import { manifests, type Manifests } from './manifests.ts';
import { saltOf, sha512Crypt } from './password-hash.ts';
import type { World } from './suggestions.ts';
import { systemTraits } from './traits.ts';

/** Undefined while the password is being hashed. */
export function useManifests(form: CreateForm, { namespace, functionNetworks }: World): Manifests | undefined {
  const { account, system, network } = form;
  const password = account.mode === 'form' && systemTraits(system).cloudInit !== 'no' ? account.password : '';
  const [salt] = useState(() => saltOf(crypto.getRandomValues(new Uint8Array(16))));
  const [hashed, setHashed] = useState({ password: '', hash: '' });
  useEffect(() => {
    if (password === '') return undefined;
    let left = false;
    // WebCrypto has no reason to fail on bytes of memory; if it does, the review stays empty and the boundary shows the error.
    void sha512Crypt(password, salt).then((hash) => {
      if (!left) setHashed({ password, hash });
    });
    return () => {
      left = true;
    };
  }, [password, salt]);
  const isOfFunctions = functionNetworks.has(network.networkName);
  return useMemo(() => {
    const given = { namespace, isOfFunctions };
    if (password === '') return manifests(form, given);
    return hashed.password === password ? manifests(form, { ...given, passwordHash: hashed.hash }) : undefined;
  }, [form, namespace, isOfFunctions, password, hashed]);
}
