# SPDX-License-Identifier: GPL-2.0
# Strings and hashes that grow, and are forgotten.
use strict;
use warnings;

srand 1;
my %words;
my $text = '';
while (1) {
	$words{ int rand 200000 } = 'x' x int rand 300;
	$text .= join ',', %words{ (keys %words)[ 0 .. 3 ] } if %words > 8;
	$text = substr $text, 1 << 20 if length $text > 4 << 20;
	%words = () if %words > 40000;
}
