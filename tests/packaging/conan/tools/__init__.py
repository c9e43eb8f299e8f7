# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
