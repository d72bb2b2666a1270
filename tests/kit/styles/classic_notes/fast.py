"""In the manner of the first edition: torch.matmul, long names, lists, slices by hand."""

import torch


def gru_fast(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    batch_size, num_hiddens = H.shape
    num_steps = len(inputs)
    X_all = torch.cat([X for X in inputs], dim=0)
    XW = torch.matmul(X_all, torch.cat((W_xz, W_xr, W_xh), dim=1))
    XW = XW + torch.cat((b_z, b_r, b_h), dim=0)
    W_zr = torch.cat((W_hz, W_hr), dim=1)
    hiddens = []
    for t in range(num_steps):
        now = XW[t * batch_size : (t + 1) * batch_size]
        HW = torch.matmul(H, W_zr)
        Z = torch.sigmoid(now[:, :num_hiddens] + HW[:, :num_hiddens])
        R = torch.sigmoid(now[:, num_hiddens : 2 * num_hiddens] + HW[:, num_hiddens:])
        H_tilda = torch.tanh(now[:, 2 * num_hiddens :] + torch.matmul(R * H, W_hh))
        H = Z * H + (1 - Z) * H_tilda
        hiddens.append(H)
    Y_all = torch.matmul(torch.cat(hiddens, dim=0), W_hq) + b_q
    outputs = []
    for t in range(num_steps):
        outputs.append(Y_all[t * batch_size : (t + 1) * batch_size])
    return outputs, (H,)


def lstm_fast(inputs, state, params):
    [W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q] = params
    (H, C) = state
    batch_size, num_hiddens = H.shape
    num_steps = len(inputs)
    X_all = torch.cat([X for X in inputs], dim=0)
    XW = torch.matmul(X_all, torch.cat((W_xi, W_xf, W_xo, W_xc), dim=1))
    XW = XW + torch.cat((b_i, b_f, b_o, b_c), dim=0)
    W_h = torch.cat((W_hi, W_hf, W_ho, W_hc), dim=1)
    hiddens = []
    for t in range(num_steps):
        now = XW[t * batch_size : (t + 1) * batch_size] + torch.matmul(H, W_h)
        I = torch.sigmoid(now[:, :num_hiddens])
        F = torch.sigmoid(now[:, num_hiddens : 2 * num_hiddens])
        O = torch.sigmoid(now[:, 2 * num_hiddens : 3 * num_hiddens])
        C_tilda = torch.tanh(now[:, 3 * num_hiddens :])
        C = F * C + I * C_tilda
        H = O * C.tanh()
        hiddens.append(H)
    Y_all = torch.matmul(torch.cat(hiddens, dim=0), W_hq) + b_q
    outputs = []
    for t in range(num_steps):
        outputs.append(Y_all[t * batch_size : (t + 1) * batch_size])
    return outputs, (H, C)
