using Weld.Linker.Resolution;

namespace Weld.Linker.Liveness;

/// <summary>Which object each function and each segment is of.</summary>
/// <remarks>Ids of an object are consecutive and objects have them in their order, so that the object at every <see cref="BlockSize"/>th id leads to
/// the others: a table that stays in the processor's cache.</remarks>
internal sealed class ElementOwners
{
    private const int BlockSize = 64;

    private readonly ResolvedProgram _program;
    private readonly Table _functions;
    private readonly Table _segments;

    public ElementOwners(ResolvedProgram program)
    {
        _program = program;
        _functions = new Table(program, program.FunctionCount, static owner => owner.FirstFunction);
        _segments = new Table(program, program.SegmentCount, static owner => owner.FirstSegment);
    }

    public LinkedObject Of(Referent element) => _program.FilesByIndex[IndexOf(element)];

    /// <summary>The number of the object.</summary>
    public int IndexOf(Referent element) => (element.IsSegment ? _segments : _functions).OwnerOf(element.Index);

    /// <summary>The owners of one kind of element.</summary>
    private readonly struct Table
    {
        /// <summary>The first id of each object, and two that come after all: there may be no object.</summary>
        private readonly int[] _firsts;

        /// <summary>The object of the first id of each block.</summary>
        private readonly int[] _blocks;

        public Table(ResolvedProgram program, int count, Func<LinkedObject, int> firstOf)
        {
            IReadOnlyList<LinkedObject> objects = program.FilesByIndex;
            _firsts = new int[objects.Count + 2];
            for (int file = 0; file < objects.Count; file++)
                _firsts[file] = firstOf(objects[file]);
            _firsts.AsSpan(objects.Count).Fill(int.MaxValue);
            _blocks = new int[(count / BlockSize) + 1];
            for (int block = 0, file = 0; block < _blocks.Length; block++)
            {
                file = Advance(file, block * BlockSize);
                _blocks[block] = file;
            }
        }

        public int OwnerOf(int id) => Advance(_blocks[id / BlockSize], id);

        /// <summary>Objects without elements of the kind have the same first id as the next one: the last of them is it.</summary>
        private int Advance(int file, int id)
        {
            while (_firsts[file + 1] <= id)
                file++;
            return file;
        }
    }
}
