namespace Weld.Air.Text;

/// <content>What comes after the operands: bodies and cases.</content>
internal sealed partial class ModuleParser
{
    private sealed partial class BodyParser
    {
        private bool Emit(OpcodeInfo info, TypeId subject, TypeId result, Token name, int position)
        {
            if (info.HasBodies && !TakeBrace())
                return false;
            if (!info.HasBodies && HasMore)
                return _parser.FailHere(SyntaxErrors.Unexpected, "the end of the line expected");
            TypeId type = result;
            if (info.Result != ResultRule.Written)
                _types.TryGetResult(info, subject, Words, out type);
            InstructionId id = Add(info, type);
            _positions.Add(position);
            if (name.Kind == TokenKind.Local)
                DefineName(name, id);
            return true;
        }

        private InstructionId Add(OpcodeInfo info, TypeId type)
        {
            if (!info.HasBodies)
                return _builder.Emit(info.Opcode, type, Words);
            bool isSwitch = info.Operands[^1].Kind == OperandKind.Cases;
            _open.Push(new Open(isSwitch ? Part.Cases : Part.Body, info.Opcode, 0));
            return isSwitch
                ? _builder.BeginSwitch(info.Opcode, Operand.FromRaw(_words[0]))
                : _builder.BeginBody(info.Opcode, type, Words);
        }

        private bool TakeBrace()
        {
            if (_open.Count >= AirLimits.BodyDepth)
                return _parser.Fail(SyntaxErrors.TooDeep, _parser.Current.Start, $"bodies nest deeper than {AirLimits.BodyDepth}");
            return HasMore && _parser.Current.Kind == TokenKind.OpenBrace
                ? _parser.TryTake(TokenKind.OpenBrace)
                : _parser.FailHere(SyntaxErrors.Unexpected, "{ expected");
        }

        private readonly List<ValueId> _items = [];
        private readonly List<ValueId> _rangeEnds = [];

        /// <summary><c>case 1, 5...9 {</c> or <c>else {</c></summary>
        private bool ReadCase()
        {
            if (_open.Peek().Number != 0)
                return _parser.FailAtToken(SyntaxErrors.Unexpected, "} expected: else is the last");
            if (_parser.TryTakeWord("else"))
            {
                if (!TakeBrace())
                    return false;
                _builder.BeginElse();
                _open.Push(_open.Pop() with { Number = 1 });
                _open.Push(new Open(Part.Else, default, 0));
                return true;
            }
            if (!_parser.TryTakeWord("case"))
                return _parser.FailAtToken(SyntaxErrors.Unexpected, "case or else expected");
            if (!ReadCaseItems() || !TakeBrace())
                return false;
            _builder.BeginCase([.. _items], [.. _rangeEnds]);
            _open.Push(new Open(Part.Case, default, 0));
            return true;
        }

        private bool ReadCaseItems()
        {
            _items.Clear();
            _rangeEnds.Clear();
            TypeId type = _builder.TypeOf(_builder.SwitchValue);
            do
            {
                if (_parser.ReadValue(type, 1) is not { } first)
                    return false;
                if (!_parser.TryTake(TokenKind.Ellipsis))
                {
                    _items.Add(first);
                    continue;
                }
                if (_parser.ReadValue(type, 1) is not { } last)
                    return false;
                _rangeEnds.Add(first);
                _rangeEnds.Add(last);
            }
            while (_parser.TryTake(TokenKind.Comma));
            return true;
        }
    }
}
