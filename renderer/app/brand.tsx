// Owns the name of the program at the top, which leads to the machines.
// Must not stand twice in one masthead.
import { MastheadBrand, MastheadLogo } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import iconUrl from './icon.svg';

export function Brand() {
  return (
    <MastheadBrand>
      <MastheadLogo component={HomeLink}>
        <img src={iconUrl} alt="" />
        Virtdeck
      </MastheadLogo>
    </MastheadBrand>
  );
}

function HomeLink({ children }: { readonly children?: ReactNode }) {
  return (
    <Link href="/machines" className="vd-brand">
      {children}
    </Link>
  );
}
