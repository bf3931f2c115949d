using Microsoft.Win32.SafeHandles;

namespace ToolGateway.Audit.Reading;

/// <summary>Reads a file line by line in constant memory, from any position, also while it grows.</summary>
internal sealed class LineReader(SafeFileHandle handle, long position = 0) : IDisposable
{
    private byte[] _buffer = new byte[256 << 10];
    private int _start;
    private int _end;
    private long _read = position;
    private bool _restIsStale;

    /// <summary>Where the next line begins.</summary>
    public long Position => _read - (_end - _start);

    /// <summary>What stands after the last line feed; filled when <see cref="TryRead"/> has returned false.</summary>
    public ReadOnlySpan<byte> Rest => _buffer.AsSpan(_start, _end - _start);

    public static LineReader Open(string path, long position = 0) =>
        new(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan), position);

    /// <summary>The next line without its line feed, valid until the next call. False: no whole line is left now; there may be one later.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        // What stood after the last line feed may have been cut off and written anew since.
        if (_restIsStale)
            (_read, _start, _end, _restIsStale) = (Position, 0, 0, false);
        var searched = 0;
        while (true)
        {
            var at = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                line = _buffer.AsSpan(_start, searched + at);
                _start += searched + at + 1;
                return true;
            }

            searched = _end - _start;
            if (!Fill())
            {
                _restIsStale = true;
                line = default;
                return false;
            }
        }
    }

    public void Dispose() => handle.Dispose();

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var count = RandomAccess.Read(handle, _buffer.AsSpan(_end), _read);
        _end += count;
        _read += count;
        return count > 0;
    }
}
