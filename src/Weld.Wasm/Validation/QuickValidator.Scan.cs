using static Weld.Wasm.Validation.OperatorTable;

namespace Weld.Wasm.Validation;

/// <content>The loop over the instructions.</content>
internal sealed unsafe partial class QuickValidator
{
    /// <summary>Checks instructions up to the end of the function or to one that <see cref="Step"/> is for.</summary>
    /// <remarks>There are no calls here, so that all state stays in registers; hence the size of it. The jump is made with the opcode
    /// itself and not with a number from its row: waiting for the row makes each wrong guess of the processor longer.</remarks>
    private Outcome Scan()
    {
        byte* p = _position;
        byte* top = _top;
        byte* label = _label;
        byte* locals = _locals;
        QuickRow* rows = _rows;
    Reachable:
        for (; ; )
        {
            nuint opcode = *p;
            switch ((uint)opcode)
            {
                case 0x20: // local.get
                case 0x21: // local.set
                case 0x22: // local.tee
                {
                    // The three look at this type: local.get where it is now, and the others where it must have been.
                    QuickRow* row = rows + opcode;
                    byte type = locals[(sbyte)p[1]];
                    *top = type;
                    if (type == NoType || top[row->Place] != type)
                        goto Other;
                    top += row->Growth;
                    p += 2;
                    continue;
                }
                case 0x23: // global.get
                {
                    ulong index = ReadIndex(p + 1, out nuint length);
                    if (index >= (uint)_globals.Length)
                        return Outcome.LookClosely;
                    p += 1 + length;
                    *top = (byte)(_globals[(int)index] & ~Immutable);
                    top++;
                    continue;
                }
                case 0x24: // global.set
                {
                    ulong index = ReadIndex(p + 1, out nuint length);
                    top--;
                    if (index >= (uint)_globals.Length || *top != _globals[(int)index])
                        return Outcome.LookClosely;
                    p += 1 + length;
                    continue;
                }
                case 0x28: // loads
                case 0x29:
                case 0x2a:
                case 0x2b:
                case 0x2c:
                case 0x2d:
                case 0x2e:
                case 0x2f:
                case 0x30:
                case 0x31:
                case 0x32:
                case 0x33:
                case 0x34:
                case 0x35:
                {
                    QuickRow* row = rows + opcode;
                    if (p[1] > row->Limit || top[-1] != row->First)
                        return Outcome.LookClosely;
                    if (p[2] < 0x80)
                    {
                        p += 3;
                    }
                    else
                    {
                        if (Leb(p + 2, out nuint length) > LargestU32)
                            goto Other;
                        p += 2 + length;
                    }
                    top[-1] = row->Result;
                    continue;
                }
                case 0x36: // stores
                case 0x37:
                case 0x38:
                case 0x39:
                case 0x3a:
                case 0x3b:
                case 0x3c:
                case 0x3d:
                case 0x3e:
                {
                    QuickRow* row = rows + opcode;
                    if (p[1] > row->Limit || Two(top) != row->Both)
                        return Outcome.LookClosely;
                    if (p[2] < 0x80)
                    {
                        p += 3;
                    }
                    else
                    {
                        if (Leb(p + 2, out nuint length) > LargestU32)
                            goto Other;
                        p += 2 + length;
                    }
                    top -= 2;
                    continue;
                }
                case 0x41: // i32.const
                    if (p[1] < 0x80)
                    {
                        p += 2;
                    }
                    else
                    {
                        // The bits above the value must all equal its sign.
                        ulong last = Leb(p + 1, out nuint length) >> 32;
                        if (last > 0x07 && (last & ~7UL) != 0x78)
                            return Outcome.LookClosely;
                        p += 1 + length;
                    }
                    // Most often it is the second operand of one; then the first operand becomes the result.
                    if (rows[*p].IsI32Operator && top[-1] == I)
                    {
                        p++;
                        continue;
                    }
                    *top = I;
                    top++;
                    continue;
                case 0x42: // i64.const
                    p = SkipLeb64(p + 1, SignedEnd);
                    if (p == null)
                        return Outcome.LookClosely;
                    *top = L;
                    top++;
                    continue;
                case 0x43: // f32.const
                    p += 5;
                    *top = F;
                    top++;
                    continue;
                case 0x44: // f64.const
                    p += 9;
                    *top = D;
                    top++;
                    continue;
                case 0x04: // if
                    if (top[-1] != I)
                        return Outcome.LookClosely;
                    top--;
                    goto case 0x02;
                case 0x02: // block
                case 0x03: // loop
                    label++;
                    if (p[1] == 0x40)
                    {
                        *label = 0;
                        *top = opcode == 0x04 ? IfMark : (byte)0;
                    }
                    else
                    {
                        byte result = p[1];
                        if (!IsBlockResult(result))
                            return Outcome.LookClosely;
                        *label = opcode == 0x03 ? (byte)0 : result;
                        *top = (byte)(result & ResultBits | (opcode == 0x04 ? IfMark : 0));
                    }
                    top++;
                    p += 2;
                    // Blocks often begin together.
                    if (*p == 0x02)
                    {
                        opcode = 0x02;
                        goto case 0x02;
                    }
                    continue;
                case 0x05: // else
                    if (top[-1] == IfMark)
                        goto Else;
                    // The result.
                    top--;
                    if (top[0] < LeastType || top[-1] != (top[0] & ResultBits | IfMark))
                        return Outcome.LookClosely;
                    goto Else;
                case End:
                    if ((top[-1] & ~IfMark) == 0)
                    {
                        top--;
                        label--;
                        p++;
                        continue;
                    }
                    if (top[-1] < LeastType || top[-2] != (top[-1] & ResultBits))
                        goto End;
                    top--;
                    top[-1] = *top;
                    label--;
                    p++;
                    continue;
                case 0x0d: // br_if
                {
                    uint depth = p[1];
                    top--;
                    if (depth >= 0x80 || *top != I || !HasLabel(top, label - depth))
                        return Outcome.LookClosely;
                    p += 2;
                    continue;
                }
                case 0x0c: // br
                {
                    uint depth = p[1];
                    if (depth >= 0x80 || !HasLabel(top, label - depth))
                        return Outcome.LookClosely;
                    p += 2;
                    goto Unreachable;
                }
                case 0x0e: // br_table
                {
                    top--;
                    if (*top != I)
                        return Outcome.LookClosely;
                    p++;
                    uint count = ReadShortIndex(ref p);
                    if (count > LargestShortIndex)
                        return Outcome.LookClosely;
                    byte carried = 0;
                    for (uint left = count + 1; left > 0; left--)
                    {
                        uint depth = ReadShortIndex(ref p);
                        byte* target = label - depth;
                        if (depth > LargestShortIndex || target < _labels || (left <= count && *target != carried))
                            return Outcome.LookClosely;
                        carried = *target;
                    }
                    if (carried != 0 && top[-1] != carried)
                        return Outcome.LookClosely;
                    goto Unreachable;
                }
                case 0x0f: // return
                    if (!HasLabel(top, _labels))
                        return Outcome.LookClosely;
                    p++;
                    goto Unreachable;
                case 0x00: // unreachable
                    p++;
                    goto Unreachable;
                case 0x10: // call
                {
                    ulong index = ReadIndex(p + 1, out nuint length);
                    uint[] functions = _functions;
                    if (index >= (uint)functions.Length)
                        return Outcome.LookClosely;
                    ref readonly QuickType type = ref _types[functions[(int)index]];
                    if (!Fits(top, type))
                        goto Other;
                    p += 1 + length;
                    top -= type.Count;
                    *top = type.Result;
                    top += type.ResultCount;
                    continue;
                }
                case 0x11: // call_indirect
                {
                    ulong index = ReadIndex(p + 1, out nuint length);
                    ulong table = ReadIndex(p + 1 + length, out nuint tableLength);
                    if (index >= (uint)_types.Length || table >= (uint)_tables.Length || top[-1] != _tables[(int)table])
                        return Outcome.LookClosely;
                    ref readonly QuickType type = ref _types[(int)index];
                    if (!Fits(top - 1, type))
                        goto Other;
                    p += 1 + length + tableLength;
                    top -= type.Count + 1;
                    *top = type.Result;
                    top += type.ResultCount;
                    continue;
                }
                case 0x1a: // drop
                    top--;
                    if (*top < LeastType)
                        return Outcome.LookClosely;
                    p++;
                    continue;
                case 0x1b: // select
                    // References have smaller numbers than all others.
                    top -= 2;
                    if (top[1] != I || *top != top[-1] || *top < V)
                        return Outcome.LookClosely;
                    p++;
                    continue;
                case 0x46: // i32 and i32 to i32
                case 0x47:
                case 0x48:
                case 0x49:
                case 0x4a:
                case 0x4b:
                case 0x4c:
                case 0x4d:
                case 0x4e:
                case 0x4f:
                case 0x6a:
                case 0x6b:
                case 0x6c:
                case 0x6d:
                case 0x6e:
                case 0x6f:
                case 0x70:
                case 0x71:
                case 0x72:
                case 0x73:
                case 0x74:
                case 0x75:
                case 0x76:
                case 0x77:
                case 0x78:
                    if (Two(top) != (I << 8 | I))
                        return Outcome.LookClosely;
                    top--;
                    p++;
                    continue;
                case 0x51: // two operands
                case 0x52:
                case 0x53:
                case 0x54:
                case 0x55:
                case 0x56:
                case 0x57:
                case 0x58:
                case 0x59:
                case 0x5a:
                case 0x5b:
                case 0x5c:
                case 0x5d:
                case 0x5e:
                case 0x5f:
                case 0x60:
                case 0x61:
                case 0x62:
                case 0x63:
                case 0x64:
                case 0x65:
                case 0x66:
                case 0x7c:
                case 0x7d:
                case 0x7e:
                case 0x7f:
                case 0x80:
                case 0x81:
                case 0x82:
                case 0x83:
                case 0x84:
                case 0x85:
                case 0x86:
                case 0x87:
                case 0x88:
                case 0x89:
                case 0x8a:
                case 0x92:
                case 0x93:
                case 0x94:
                case 0x95:
                case 0x96:
                case 0x97:
                case 0x98:
                case 0xa0:
                case 0xa1:
                case 0xa2:
                case 0xa3:
                case 0xa4:
                case 0xa5:
                case 0xa6:
                {
                    QuickRow* row = rows + opcode;
                    if (Two(top) != row->Both)
                        return Outcome.LookClosely;
                    top--;
                    top[-1] = row->Result;
                    p++;
                    continue;
                }
                case 0x45: // one operand
                case 0x50:
                case 0x67:
                case 0x68:
                case 0x69:
                case 0x79:
                case 0x7a:
                case 0x7b:
                case 0x8b:
                case 0x8c:
                case 0x8d:
                case 0x8e:
                case 0x8f:
                case 0x90:
                case 0x91:
                case 0x99:
                case 0x9a:
                case 0x9b:
                case 0x9c:
                case 0x9d:
                case 0x9e:
                case 0x9f:
                case 0xa7:
                case 0xa8:
                case 0xa9:
                case 0xaa:
                case 0xab:
                case 0xac:
                case 0xad:
                case 0xae:
                case 0xaf:
                case 0xb0:
                case 0xb1:
                case 0xb2:
                case 0xb3:
                case 0xb4:
                case 0xb5:
                case 0xb6:
                case 0xb7:
                case 0xb8:
                case 0xb9:
                case 0xba:
                case 0xbb:
                case 0xbc:
                case 0xbd:
                case 0xbe:
                case 0xbf:
                case 0xc0:
                case 0xc1:
                case 0xc2:
                case 0xc3:
                case 0xc4:
                {
                    QuickRow* row = rows + opcode;
                    if (top[-1] != row->First)
                        return Outcome.LookClosely;
                    top[-1] = row->Result;
                    p++;
                    continue;
                }
                default:
                    goto Other;
            }
        }
    Other:
        _position = p;
        _top = top;
        _label = label;
        return Outcome.AtOther;
    End:
        _position = p;
        _top = top;
        return Outcome.AtEnd;
    Unreachable:
        // Compilers leave out code that cannot be reached, so this is the end of a block.
        while (top[-1] >= LeastType)
            top--;
        switch (*p)
        {
            case End when top[-1] >= FunctionMark:
                // The result is not on the stack.
                _top = null;
                _position = p;
                return Outcome.AtEnd;
            case End when top[-1] > IfMark:
                return Outcome.LookClosely;
            case End:
                // After a branch the result is not on the stack yet.
                if ((top[-1] & ~IfMark) == 0)
                    top--;
                else
                    top[-1] |= LeastType;
                label--;
                p++;
                goto Reachable;
            case 0x05 when (top[-1] & (IfMark | FunctionMark)) == IfMark: // else
                goto Else;
            default:
                return Outcome.LookClosely;
        }
    Else:
        top[-1] &= ResultBits;
        p++;
        goto Reachable;
    }
}
