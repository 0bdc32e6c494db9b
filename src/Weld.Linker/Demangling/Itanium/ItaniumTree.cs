namespace Weld.Linker.Demangling.Itanium;

/// <summary>The parts of one mangled name: nodes, lists of nodes, and the name's text that they point into.</summary>
/// <remarks>Nodes and lists are indexes into arrays that the next name overwrites, so a name costs no allocation. A list is
/// the index of its length; its nodes follow.</remarks>
internal sealed class ItaniumTree
{
    /// <summary>No node.</summary>
    public const int None = 0;

    /// <summary>The list without nodes.</summary>
    public const int EmptyList = 0;

    /// <summary>Zero bytes kept after the name, so that looking a few bytes ahead needs no check.</summary>
    private const int Padding = 16;

    private Node[] _nodes = new Node[256];
    private int _nodeCount = 1;
    private int[] _lists = new int[256];
    private int _listsLength = 1;
    private byte[] _text = new byte[1024];

    /// <summary>The name, and zeros after it.</summary>
    public byte[] Text => _text;

    public int NameLength { get; private set; }

    public ref Node this[int node] => ref _nodes[node];

    /// <summary>Forgets the previous name and takes in the next.</summary>
    public void Reset(ReadOnlySpan<byte> name)
    {
        _nodeCount = 1;
        _listsLength = 1;
        NameLength = name.Length;
        if (_text.Length < name.Length + Padding)
            _text = new byte[2 * (name.Length + Padding)];
        name.CopyTo(_text);
        _text.AsSpan(name.Length, Padding).Clear();
    }

    public int Add(NodeKind kind, int a = 0, int b = 0, int c = 0, int d = 0, int e = 0)
    {
        int index = _nodeCount;
        Node[] nodes = _nodes;
        if ((uint)index >= (uint)nodes.Length)
            nodes = Grow();
        ref Node node = ref nodes[index];
        node.Kind = kind;
        node.Precedence = Precedence.Primary;
        node.Shape = Shape.Plain;
        node.Flags = 0;
        node.A = a;
        node.B = b;
        node.C = c;
        node.D = d;
        node.E = e;
        _nodeCount = index + 1;
        return index;
    }

    private Node[] Grow()
    {
        Array.Resize(ref _nodes, _nodes.Length * 2);
        return _nodes;
    }

    public int AddText(NodeKind kind, TextRange text, int c = 0, int d = 0) => Add(kind, text.Start, text.Length, c, d);

    public int AddWord(Word word) => Add(NodeKind.Word, (int)word);

    public int AddFlagged(NodeKind kind, byte flags, int a, int b = 0, int c = 0)
    {
        int node = Add(kind, a, b, c);
        _nodes[node].Flags = flags;
        return node;
    }

    public int AddShaped(NodeKind kind, Shape shape, int a, int b = 0, int c = 0)
    {
        int node = Add(kind, a, b, c);
        _nodes[node].Shape = shape;
        return node;
    }

    public int AddExpression(NodeKind kind, Precedence precedence, int a, int b = 0, int c = 0, int d = 0)
    {
        int node = Add(kind, a, b, c, d);
        _nodes[node].Precedence = precedence;
        return node;
    }

    public int AddList(ReadOnlySpan<int> nodes)
    {
        if (nodes.IsEmpty)
            return EmptyList;
        if (_lists.Length - _listsLength <= nodes.Length)
            Array.Resize(ref _lists, Math.Max(_lists.Length * 2, _listsLength + nodes.Length + 1));
        int list = _listsLength;
        _lists[list] = nodes.Length;
        nodes.CopyTo(_lists.AsSpan(list + 1));
        _listsLength += nodes.Length + 1;
        return list;
    }

    public ReadOnlySpan<int> GetList(int list) => _lists.AsSpan(list + 1, _lists[list]);

    public ReadOnlySpan<byte> GetText(int start, int length) => _text.AsSpan(start, length);

    /// <summary>The name from a position on, with the zeros after it.</summary>
    public ReadOnlySpan<byte> GetTextFrom(int start) => _text.AsSpan(start);

    public ReadOnlySpan<byte> GetText(TextRange range) => _text.AsSpan(range.Start, range.Length);

    /// <summary>Whether the node is this plain name, be it a builtin type or one from the source.</summary>
    public bool IsName(int node, ReadOnlySpan<byte> text)
    {
        ref Node name = ref _nodes[node];
        return name.Kind switch
        {
            NodeKind.Name => GetText(name.A, name.B).SequenceEqual(text),
            NodeKind.Word => Words.Text((Word)name.A).SequenceEqual(text),
            _ => false,
        };
    }
}
